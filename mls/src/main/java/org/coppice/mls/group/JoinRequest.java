package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Welcome;

/**
 * What a client needs to join by a Welcome (RFC 9420 §12.4.3.1). Immutable; the withers give changed copies.
 */
public final class JoinRequest {
    private final Welcome welcome;
    private final List<KeyPackageBundle> bundles;
    private final Optional<Bytes> ratchetTree;
    private final Optional<Group> predecessor;
    private final Predicate<Bytes> isMemberOf;

    private JoinRequest(
            Welcome welcome,
            List<KeyPackageBundle> bundles,
            Optional<Bytes> ratchetTree,
            Optional<Group> predecessor,
            Predicate<Bytes> isMemberOf) {
        this.welcome = welcome;
        this.bundles = List.copyOf(bundles);
        this.ratchetTree = ratchetTree;
        this.predecessor = predecessor;
        this.isMemberOf = isMemberOf;
    }

    /**
     * A request with the key packages of this client, one of which the Welcome is for.
     *
     * @throws IllegalArgumentException if the message holds no Welcome
     */
    public static JoinRequest of(MlsMessage welcome, List<KeyPackageBundle> bundles) {
        if (welcome.body() instanceof MlsMessage.Welcome body) {
            return new JoinRequest(body.welcome(), bundles, Optional.empty(), Optional.empty(), groupId -> false);
        }
        throw new IllegalArgumentException("the message holds no Welcome but a " + welcome.wireFormat());
    }

    /** With the ratchet tree, encoded as in the ratchet_tree extension, for a Welcome that does not carry it. */
    public JoinRequest withRatchetTree(Bytes encoded) {
        return new JoinRequest(welcome, bundles, Optional.of(encoded), predecessor, isMemberOf);
    }

    /**
     * With the group that the new one was reinitialized or branched from (§11.2, §11.3). A Welcome that does not link to it is refused;
     * so is a subgroup in the place of the successor, if a ReInit ended the group: one of the last epoch, or of the id that the ReInit
     * names.
     */
    public JoinRequest withPredecessor(Group group) {
        return new JoinRequest(welcome, bundles, ratchetTree, Optional.of(group), isMemberOf);
    }

    /** With what tells whether this client is in a group of an id, where its state store does not. */
    public JoinRequest withMembershipTest(Predicate<Bytes> test) {
        return new JoinRequest(welcome, bundles, ratchetTree, predecessor, test);
    }

    Welcome welcome() {
        return welcome;
    }

    List<KeyPackageBundle> bundles() {
        return bundles;
    }

    Optional<Bytes> ratchetTree() {
        return ratchetTree;
    }

    Optional<Group> predecessor() {
        return predecessor;
    }

    boolean isMemberOf(Bytes groupId) {
        return isMemberOf.test(groupId);
    }
}
