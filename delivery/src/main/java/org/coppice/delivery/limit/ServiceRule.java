package org.coppice.delivery.limit;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;

/**
 * The service's own rules, beside those of RFC 9420 in {@link org.coppice.mls.error.Rule}: by their names
 * {@link org.coppice.delivery.api.ProblemKind#REFUSED} says what was wrong.
 */
public enum ServiceRule {
    /** The body is a message of another kind than this request takes. */
    WRONG_MESSAGE("this request takes another kind of message"),
    /** A credential or leaf does not name the client that it is to stand for. */
    CREDENTIAL_NAMES_ANOTHER("the credential does not name the client"),
    /** A credential is not one that the client has registered, and no authority vouches for it. */
    CREDENTIAL_NOT_REGISTERED("the credential is not registered"),
    /** A signature that shows possession of a key does not verify. */
    PROOF_OF_POSSESSION("the proof of possession does not verify"),
    /** What changes who a client or its user is is not signed with a key that the client has in force, or was too long ago. */
    CONSENT("no key that the client has in force has signed that it agrees, for this one time"),
    /** A key package is expired, not valid yet, or valid for too long. */
    KEY_PACKAGE_LIFETIME("the key package is outside its lifetime"),
    /** A key package, or its init key, was published before. */
    KEY_PACKAGE_REPEATED("the key package or its init key was published before"),
    /** A last-resort key package lacks the mark, or another has it. */
    LAST_RESORT_MARK("the mark of a last-resort key package is missing or out of place"),
    /** The client has all the key packages that it may have. */
    STOCK_FULL("the client has as many key packages as it may have"),
    /** The creator is no member of the group that it creates. */
    CREATOR_NOT_A_MEMBER("the creator is no member of the group"),
    /** A group begins in an epoch that is not worth believing. */
    EPOCH_RANGE("the epoch is above 2^62"),
    /** A handshake in a group of public handshakes is encrypted. */
    HANDSHAKE_NOT_PUBLIC("the group's handshake messages travel as PublicMessage"),
    /** A handshake of a member in a group of private handshakes is not encrypted. */
    HANDSHAKE_NOT_PRIVATE("the members' handshake messages travel as PrivateMessage in this group"),
    /** The group can be joined by a GroupInfo, and the Commit brings none. */
    GROUP_INFO_MISSING("a group with external joins needs a GroupInfo with every Commit"),
    /** The GroupInfo lacks the external_pub that joiners need. */
    GROUP_INFO_WITHOUT_KEY("the GroupInfo has no external_pub"),
    /** The GroupInfo carries the tree that the service has anyway. */
    GROUP_INFO_WITH_TREE("the GroupInfo carries the ratchet tree, which the service keeps"),
    /** The GroupInfo is not one of the epoch that the Commit begins, or not by a leaf of its tree. */
    GROUP_INFO_MISMATCH("the GroupInfo does not fit the Commit"),
    /** The bundle tells what the service sees by itself. */
    BUNDLE_OVERFULL("tree and names of members belong into a bundle only if handshakes are private"),
    /** A Welcome is for somebody whom the Commit does not add, or for one twice. */
    WELCOME_WITHOUT_ADD("the Welcome is for somebody whom the Commit does not add, or for one twice"),
    /** A client is added that is a member already. */
    CLIENT_TWICE("the client is a member already"),
    /** The handshake policy of a group does not change. */
    HANDSHAKE_POLICY_FIXED("the handshake policy of a group does not change");

    private final String description;

    ServiceRule(String description) {
        this.description = description;
    }

    /** The refusal by this rule. */
    public DeliveryException refusal() {
        return Problem.refused(name(), description).asException();
    }
}
