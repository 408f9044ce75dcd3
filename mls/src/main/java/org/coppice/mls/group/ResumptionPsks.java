package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;

/** The resumption_psk of the latest epochs of a group (RFC 9420 §8.6). Owns its secrets. */
final class ResumptionPsks implements AutoCloseable {
    private final TreeMap<Long, Secret> byEpoch = new TreeMap<>(Long::compareUnsigned);

    /** Takes over {@code psk}. */
    void put(long epoch, Secret psk) {
        Secret old = byEpoch.put(epoch, psk);
        if (old != null) {
            old.close();
        }
    }

    /** A copy, the caller's to close. */
    Optional<Secret> get(long epoch) {
        return Optional.ofNullable(byEpoch.get(epoch)).map(Secret::copy);
    }

    /** The epochs that would have to go for {@code keep} to stay after one more is put. */
    List<Long> excess(int keep) {
        List<Long> out = new ArrayList<>();
        int surplus = byEpoch.size() + 1 - keep;
        for (Long epoch : byEpoch.keySet()) {
            if (surplus-- <= 0) {
                break;
            }
            out.add(epoch);
        }
        return out;
    }

    void drop(long epoch) {
        Secret old = byEpoch.remove(epoch);
        if (old != null) {
            old.close();
        }
    }

    void recordAll(StateChange.Builder changes) {
        byEpoch.forEach((epoch, psk) -> changes.put(new RecordKey.ResumptionPsk(epoch), psk.exposeCopy()));
    }

    @Override
    public void close() {
        byEpoch.values().forEach(Secret::close);
        byEpoch.clear();
    }
}
