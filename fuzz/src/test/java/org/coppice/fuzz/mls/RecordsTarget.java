package org.coppice.fuzz.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.observer.PublicGroup;

/**
 * Stored records that were damaged: the first byte chooses those of bob or those of an observer, the rest is a list of changes. A
 * change is the number of a record, what to do with it, where, and a byte. Loading either works or says that the state is damaged.
 */
public final class RecordsTarget implements Target {
    private static final int CHANGE = 4;
    private static final int DELETE = 0x7f;
    /** What a damaged header may look like: the group of a client with another suite, or with another signature key. */
    private static final String CALLERS_MISTAKES = ".*(cipher suite|signature key is another).*";

    private final World world;
    private final Person bob;

    public RecordsTarget() throws MlsException {
        world = new World();
        bob = world.person("bob");
    }

    @Override
    public Allowance allowance() {
        return Bounds.LIVE_GROUP;
    }

    @Override
    public Outcome run(byte[] input) {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        boolean member = (input[0] & 1) == 0;
        Map<Bytes, byte[]> records = damaged(member ? bob.records() : world.observerRecords(), input);
        try {
            if (member) {
                bob.reset(records);
                try (Group group = bob.client().load(World.GROUP_ID)) {
                    group.roster();
                }
            } else {
                PublicGroup.load(bob.client().environment(), records).ratchetTree();
            }
            return Outcome.ACCEPTED;
        } catch (MlsException e) {
            return Outcome.REFUSED;
        } catch (IllegalArgumentException e) {
            if (member && (records.isEmpty() || e.getMessage().matches(CALLERS_MISTAKES))) {
                return Outcome.REFUSED;
            }
            throw e;
        }
    }

    private static Map<Bytes, byte[]> damaged(Map<Bytes, byte[]> whole, byte[] changes) {
        Map<Bytes, byte[]> out = new TreeMap<>();
        whole.forEach((key, value) -> out.put(key, value.clone()));
        List<Bytes> keys = new ArrayList<>(out.keySet());
        for (int at = 1; at + CHANGE <= changes.length && !keys.isEmpty(); at += CHANGE) {
            Bytes key = keys.get((changes[at] & 0xff) % keys.size());
            byte[] value = out.get(key);
            if (value == null) {
                continue;
            }
            if (changes[at + 1] == DELETE) {
                out.remove(key);
            } else {
                out.put(key, changed(value, changes[at + 1] & 3, changes[at + 2] & 0xff, changes[at + 3]));
            }
        }
        return out;
    }

    private static byte[] changed(byte[] value, int how, int where, byte with) {
        int at = value.length == 0 ? 0 : where % value.length;
        return switch (how) {
            case 0 -> Arrays.copyOf(value, at);
            case 1 -> Arrays.copyOf(value, value.length + where);
            default -> {
                byte[] out = value.clone();
                if (out.length > 0) {
                    out[at] = with;
                }
                yield out;
            }
        };
    }
}
