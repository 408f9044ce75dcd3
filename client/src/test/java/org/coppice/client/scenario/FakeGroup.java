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
    /** From which entry on each client may read. */
    final Map<ClientId, Long> from = new HashMap<>();
    /** Up to which entry former members may read. */
    final Map<ClientId, Long> until = new HashMap<>();

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

    Optional<Long> head(ClientId reader) {
        if (!from.containsKey(reader)) {
            return Optional.empty();
        }
        return Optional.of(until.getOrDefault(reader, head()));
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
        gone.forEach(client -> until.put(client, seq));
        come.forEach(client -> {
            from.put(client, seq);
            until.remove(client);
        });
        members.removeAll(gone);
        members.addAll(come);
    }
}
