package org.coppice.client.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.LogEntry;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.observer.PublicGroup;

/** What the fake service keeps of a group. */
final class FakeGroup {
    final GroupSettings settings;
    /** Follows a group of public handshakes; null otherwise. */
    final PublicGroup followed;

    final List<LogEntry> log = new ArrayList<>();
    final Map<Long, Bytes> trees = new HashMap<>();
    final Set<ClientId> members = new HashSet<>();
    /** When each client was a member, in order. */
    private final Map<ClientId, List<Stay>> stays = new HashMap<>();

    final Map<Long, MlsMessage> groupInfos = new HashMap<>();
    long epoch;

    FakeGroup(GroupSettings settings, PublicGroup followed, MlsMessage groupInfo) {
        this.settings = settings;
        this.followed = followed;
        groupInfos.put(0L, groupInfo);
    }

    long head() {
        return log.size();
    }

    /** What a client may read: from the Commit that added it to the one that removed it. */
    record Stay(long from, long until) {}

    /** The last entry that a client may read; empty if it was never a member. */
    Optional<Long> head(ClientId reader) {
        return last(reader).map(stay -> Math.min(stay.until(), head()));
    }

    /** The first entry of a client's last stay. */
    long from(ClientId reader) {
        return last(reader).orElseThrow().from();
    }

    private Optional<Stay> last(ClientId reader) {
        List<Stay> all = stays.getOrDefault(reader, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The entries after {@code after} that a client may read, of one stay at a time. */
    List<LogEntry> read(ClientId reader, long after, int limit) {
        for (Stay stay : stays.getOrDefault(reader, List.of())) {
            long first = Math.max(after, stay.from() - 1);
            long end = Math.min(stay.until(), head());
            if (first < end) {
                return List.copyOf(log.subList((int) first, (int) Math.min(end, first + limit)));
            }
        }
        return List.of();
    }

    /** Takes the members from the tree, as it is after entry {@code seq}. */
    void follow(long seq) {
        Set<ClientId> now = new HashSet<>();
        followed.state()
                .tree()
                .forEachLeaf(
                        (leaf, node) -> now.add(ClientId.ofIdentity(((Credential.Basic) node.credential()).identity())
                                .orElseThrow()));
        Set<ClientId> gone = new HashSet<>(members);
        gone.removeAll(now);
        Set<ClientId> come = new HashSet<>(now);
        come.removeAll(members);
        change(seq, come, gone);
    }

    void change(long seq, Set<ClientId> come, Set<ClientId> gone) {
        for (ClientId client : gone) {
            List<Stay> all = stays.get(client);
            all.add(new Stay(all.remove(all.size() - 1).from(), seq));
        }
        come.forEach(
                client -> stays.computeIfAbsent(client, c -> new ArrayList<>()).add(new Stay(seq, Long.MAX_VALUE)));
        members.removeAll(gone);
        members.addAll(come);
    }
}
