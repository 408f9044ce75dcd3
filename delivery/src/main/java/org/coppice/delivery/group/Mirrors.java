package org.coppice.delivery.group;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.delivery.engine.Engine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;

/**
 * The mirrors that were used last, as many as have a given number of members together. One that was dropped while somebody works with it
 * stays right on its own: the database decides between two mirrors of one group as it does between two nodes. Thread safe.
 */
public final class Mirrors {
    /** A member is about a kilobyte. */
    private static final long MAX_MEMBERS = 200_000;

    private final Engine engine;
    private final Environment environment;
    private final long maxMembers;
    private final Map<Bytes, Mirror> mirrors = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Bytes, Integer> members = new HashMap<>();
    private long total;

    /** @param engine where the groups are stored */
    public Mirrors(Engine engine, Environment environment) {
        this(engine, environment, MAX_MEMBERS);
    }

    Mirrors(Engine engine, Environment environment, long maxMembers) {
        this.engine = engine;
        this.environment = environment;
        this.maxMembers = maxMembers;
    }

    /** The mirror of a group, locked; {@link #release} gives it back. */
    Mirror take(Bytes groupId) {
        Mirror mirror;
        synchronized (this) {
            mirror = mirrors.computeIfAbsent(groupId.compact(), id -> new Mirror(id, engine, environment));
        }
        mirror.lock();
        return mirror;
    }

    /** Unlocks a mirror, and drops those that were not used for longest if there are too many members now. */
    void release(Mirror mirror) {
        int size = mirror.memberCount();
        mirror.unlock();
        synchronized (this) {
            if (mirrors.get(mirror.groupId()) == mirror) {
                Integer before = members.put(mirror.groupId(), size);
                total += size - (before == null ? 0 : before);
            }
            Iterator<Bytes> longestUnused = mirrors.keySet().iterator();
            while (total > maxMembers && mirrors.size() > 1) {
                Bytes dropped = longestUnused.next();
                longestUnused.remove();
                Integer known = members.remove(dropped);
                total -= known == null ? 0 : known;
            }
        }
    }

    /** How many groups are in memory. */
    synchronized int size() {
        return mirrors.size();
    }
}
