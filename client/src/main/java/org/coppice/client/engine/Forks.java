package org.coppice.client.engine;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.model.ConversationStatus;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;

/**
 * Tells a fork from messages that only pretend to be of another branch. The mark of a message that does not open is the word of nobody:
 * whoever gets an entry into the log can write one. So it is only a reason to look at the service's GroupInfo, and that is believed if
 * a member signed it, by a key that this branch knows.
 *
 * <p>What is suspected is forgotten with the process: each further message of the other branch says it again, and so does its next
 * Commit, which does not need this, as no client can follow a log past a Commit that it cannot process. Thread safe.
 */
final class Forks {
    private final Account account;
    private final Connection connection;
    private final Recovery recovery;
    /** The first entry of each conversation that seems to be of another branch. */
    private final Map<Bytes, Long> suspected = new ConcurrentHashMap<>();

    Forks(Account account, Connection connection, Recovery recovery) {
        this.account = account;
        this.connection = connection;
        this.recovery = recovery;
    }

    /** Notes that an entry seems to be of another branch. */
    void suspect(Bytes groupId, long seq) {
        suspected.putIfAbsent(groupId, seq);
    }

    /**
     * Looks whether the group has forked, if that is suspected; to be called at the end of the log.
     *
     * @throws DeliveryException if the service cannot answer now; the suspicion stands
     * @throws IOException if the service cannot be reached; the suspicion stands
     */
    void check(Bytes groupId) throws DeliveryException, IOException {
        Long seq = suspected.get(groupId);
        if (seq == null) {
            return;
        }
        Optional<GroupInfo> present = groupInfo(groupId);
        try (Unit unit = account.begin()) {
            ConversationState state = ConversationState.find(unit, groupId).orElseThrow();
            if (state.status == ConversationStatus.ACTIVE
                    && present.isPresent()
                    && isOfAnotherBranch(present.get(), account.groups().get(unit, groupId))) {
                recovery.stuck(unit, state, seq, "the group forked");
                state.save(unit);
                unit.commit();
            }
        }
        suspected.remove(groupId, seq);
    }

    private Optional<GroupInfo> groupInfo(Bytes groupId) throws DeliveryException, IOException {
        try {
            MlsMessage message = connection.ask(session -> session.groupInfo(groupId));
            return message.body() instanceof MlsMessage.GroupInfo body
                    ? Optional.of(body.groupInfo())
                    : Optional.empty();
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Whether a member of this branch vouches for another epoch under the number of the present one. */
    private static boolean isOfAnotherBranch(GroupInfo info, Group group) {
        GroupContext own = group.state().context();
        GroupContext theirs = info.groupContext();
        return theirs.groupId().equals(own.groupId())
                && theirs.epoch() == own.epoch()
                && !theirs.equals(own)
                && group.state()
                        .tree()
                        .leaf(info.signer())
                        .filter(leaf -> info.verifySignature(leaf.signatureKey(), group.crypto()))
                        .isPresent();
    }
}
