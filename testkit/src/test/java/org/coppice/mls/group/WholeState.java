package org.coppice.mls.group;

import java.util.Map;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.StateChange;

/** Lets tests see all that a group would write if it wrote everything anew; it stands here because nobody else may. */
public final class WholeState {
    private WholeState() {}

    /** The records of all that the group holds in memory. */
    public static Map<Bytes, Bytes> of(Group group) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        try (StateChange change = group.wholeState()) {
            change.puts().forEach(put -> out.put(put.key(), Bytes.copyOf(put.value())));
        }
        return out;
    }
}
