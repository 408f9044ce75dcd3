package org.coppice.delivery.group;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.delivery.engine.Engine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;

/**
 * The mirrors that were used last. One that was dropped while somebody works with it stays right on its own: the database decides
 * between two mirrors of one group as it does between two nodes. Thread safe.
 */
public final class Mirrors {
    private static final int MAX_GROUPS = 10_000;

    private final Engine engine;
    private final Environment environment;
    private final Map<Bytes, Mirror> mirrors = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Mirror> eldest) {
            return size() > MAX_GROUPS;
        }
    };

    /** @param engine where the groups are stored */
    public Mirrors(Engine engine, Environment environment) {
        this.engine = engine;
        this.environment = environment;
    }

    Mirror of(Bytes groupId) {
        synchronized (mirrors) {
            return mirrors.computeIfAbsent(groupId.compact(), id -> new Mirror(id, engine, environment));
        }
    }
}
