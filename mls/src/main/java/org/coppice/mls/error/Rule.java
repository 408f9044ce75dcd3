package org.coppice.mls.error;

/**
 * The rules of RFC 9420 by which input is refused, one constant for each.
 *
 * <p>{@code VALIDATION.md} of the project maps each requirement to its code and its tests.
 */
public enum Rule {
    // Decoding
    /** The input ends inside a field (§2.1). */
    TRUNCATED("2.1", "R-2.1-01", "the input ends inside a field"),
    /** Bytes follow the end of the structure (§2.1). */
    TRAILING_BYTES("2.1", "R-2.1-03", "bytes follow the end of the structure"),
    /** A discriminator has a reserved or unknown value (§2.1). */
    UNKNOWN_DISCRIMINATOR("2.1", "R-2.1-02", "a discriminator has a reserved or unknown value"),
    /** The presence octet of an optional value is neither 0 nor 1 (§2.1.1). */
    PRESENCE_OCTET("2.1.1", "R-2.1.1-02", "the presence octet of an optional value is neither 0 nor 1"),
    /** A vector length is not in its shortest form (§2.1.2). */
    NON_MINIMAL_LENGTH("2.1.2", "R-2.1.2-04", "a vector length is not in its shortest form"),
    /** A vector length begins with the bits 11 (§2.1.2). */
    INVALID_LENGTH_PREFIX("2.1.2", "R-2.1.2-05", "a vector length begins with the bits 11"),
    /** A vector is longer than what is left of the input (§2.1.2). */
    LENGTH_BEYOND_INPUT("2.1.2", "R-2.1.2-07", "a vector is longer than what is left of the input"),
    /** A size or count is above the configured limit (§2.1.2). */
    SIZE_LIMIT("2.1.2", "R-2.1.2-08", "a size or count is above the configured limit"),
    /** The protocol version is not mls10 (§6). */
    UNKNOWN_VERSION("6", "R-6-05", "the protocol version is not mls10"),
    /** The wire format is unknown (§6). */
    UNKNOWN_WIRE_FORMAT("6", "R-6-05", "the wire format is unknown"),
    /** Application data in a PublicMessage (§6). */
    APPLICATION_IN_PUBLIC_MESSAGE("6", "R-6-02", "application data in a PublicMessage"),
    /** Padding holds a byte that is not zero (§6.3.1). */
    NON_ZERO_PADDING("6.3.1", "R-6.3.1-03", "padding holds a byte that is not zero"),
    /** Unmerged_leaves is not in strictly increasing order (§7.1). */
    UNMERGED_LEAVES_ORDER("7.1", "R-7.1-03", "unmerged_leaves is not in strictly increasing order"),
    /** The version of a KeyPackage differs from that of the message around it (§10). */
    KEY_PACKAGE_VERSION_MISMATCH(
            "10", "R-10-08", "the version of a KeyPackage differs from that of the message around it"),
    /** The last node of a ratchet tree is blank (§12.4.3.3). */
    TREE_ENDS_IN_BLANK("12.4.3.3", "R-12.4.3.3-03", "the last node of a ratchet tree is blank"),
    /** The type of a node does not fit its position in the ratchet tree (§12.4.3.3). */
    TREE_NODE_TYPE("12.4.3.3", "R-12.4.3.3-05", "the type of a node does not fit its position in the ratchet tree"),

    // Framing
    /** The message is for another group (§6). */
    UNKNOWN_GROUP("6", "R-6-10", "the message is for another group"),
    /** The epoch is past and its keys are gone (§6). */
    STALE_EPOCH("6", "R-6-10", "the epoch is past and its keys are gone"),
    /** The epoch is not reached yet (§6). */
    FUTURE_EPOCH("6", "R-6-10", "the epoch is not reached yet"),
    /** The group's policy refuses this wire format for this content (§6). */
    WIRE_FORMAT_POLICY("6", "R-6-04", "the group's policy refuses this wire format for this content"),
    /** An external sender may send proposals only (§6.1). */
    EXTERNAL_SENDER_CONTENT("6.1", "R-6.1-05", "an external sender may send proposals only"),
    /** A new_member_commit sender must send a Commit (§6.1). */
    NEW_MEMBER_COMMIT_CONTENT("6.1", "R-6.1-07", "a new_member_commit sender must send a Commit"),
    /** A new_member_proposal sender must send an Add proposal (§6.1). */
    NEW_MEMBER_PROPOSAL_CONTENT("6.1", "R-6.1-09", "a new_member_proposal sender must send an Add proposal"),
    /** The signature of the message does not verify (§6.1). */
    MESSAGE_SIGNATURE("6.1", "R-6.1-10", "the signature of the message does not verify"),
    /** The sender's leaf index is blank or outside the tree (§6.1). */
    SENDER_LEAF("6.1", "R-6.1-11", "the sender's leaf index is blank or outside the tree"),
    /** The sender's index is outside external_senders (§6.1). */
    SENDER_INDEX("6.1", "R-6.1-11", "the sender's index is outside external_senders"),
    /** The membership tag does not verify (§6.2). */
    MEMBERSHIP_TAG("6.2", "R-6.2-03", "the membership tag does not verify"),
    /** The message or the epoch exceeds the usage limit of the AEAD (§6.3.1). */
    AEAD_LIMIT("6.3.1", "R-6.3.1-12", "the message or the epoch exceeds the usage limit of the AEAD"),
    /** The sender data name a leaf that is blank or outside the tree (§6.3.2). */
    SENDER_DATA_LEAF("6.3.2", "R-6.3.2-06", "the sender data name a leaf that is blank or outside the tree"),
    /** The generation was consumed before (§9.2). */
    GENERATION_CONSUMED("9.2", "R-9.2-09", "the generation was consumed before"),
    /** The generation is further ahead than the limit allows (§15.3). */
    GENERATION_TOO_FAR("15.3", "R-15.3-04", "the generation is further ahead than the limit allows"),

    // Leaf nodes
    /** The signature of the leaf node does not verify (§7.3). */
    LEAF_SIGNATURE("7.3", "R-7.3-05", "the signature of the leaf node does not verify"),
    /** The leaf lacks a required capability (§7.3). */
    LEAF_REQUIRED_CAPABILITIES("7.3", "R-7.3-06", "the leaf lacks a required capability"),
    /** The leaf's capabilities lack the group's version or cipher suite (§7.3). */
    LEAF_VERSION_OR_SUITE("7.3", "R-7.3-07", "the leaf's capabilities lack the group's version or cipher suite"),
    /** A credential type is not supported by every member (§7.3). */
    LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL("7.3", "R-7.3-08", "a credential type is not supported by every member"),
    /** The leaf's credential type is not in its own capabilities (§7.2). */
    LEAF_CREDENTIAL_NOT_LISTED("7.2", "R-7.2-08", "the leaf's credential type is not in its own capabilities"),
    /** An extension type in use is not in the leaf's capabilities (§7.3). */
    LEAF_EXTENSION_NOT_LISTED("7.3", "R-7.3-12", "an extension type in use is not in the leaf's capabilities"),
    /** The leaf's lifetime does not include the present time (§7.3). */
    LEAF_LIFETIME("7.3", "R-7.3-11", "the leaf's lifetime does not include the present time"),
    /** The leaf's lifetime is longer than the maximum (§7.2). */
    LEAF_LIFETIME_SPAN("7.2", "R-7.2-13", "the leaf's lifetime is longer than the maximum"),
    /** Leaf_node_source does not fit where the leaf appears (§7.3). */
    LEAF_SOURCE("7.3", "R-7.3-13", "leaf_node_source does not fit where the leaf appears"),
    /** The leaf keeps the encryption key of the leaf it replaces (§7.3). */
    LEAF_ENCRYPTION_KEY_REUSED("7.3", "R-7.3-15", "the leaf keeps the encryption key of the leaf it replaces"),
    /** A signature key occurs more than once among the members (§7.3). */
    DUPLICATE_SIGNATURE_KEY("7.3", "R-7.3-17", "a signature key occurs more than once among the members"),
    /** An encryption key occurs more than once in the tree (§7.3). */
    DUPLICATE_ENCRYPTION_KEY("7.3", "R-7.3-18", "an encryption key occurs more than once in the tree"),
    /** A public key has the wrong length or encoding for the cipher suite (§5.1.1). */
    INVALID_KEY("5.1.1", "R-5.1.1-03", "a public key has the wrong length or encoding for the cipher suite"),
    /** The credential was not accepted (§5.3.1). */
    CREDENTIAL_REJECTED("5.3.1", "R-5.3.1-01", "the credential was not accepted"),
    /** The new credential is not an acceptable successor of the old one (§5.3.1). */
    CREDENTIAL_SUCCESSION_REJECTED(
            "5.3.1", "R-5.3.1-10", "the new credential is not an acceptable successor of the old one"),
    /** The end-entity certificate is for another key than the leaf's signature_key (§5.3). */
    CREDENTIAL_KEY_MISMATCH(
            "5.3", "R-5.3-02", "the end-entity certificate is for another key than the leaf's signature_key"),
    /** An extension list has two entries of one type (§13.4). */
    EXTENSION_DUPLICATE("13.4", "R-13.4-05", "an extension list has two entries of one type"),
    /** An extension appears in an object that it is not registered for (§13.4). */
    EXTENSION_MISPLACED("13.4", "R-13.4-11", "an extension appears in an object that it is not registered for"),
    /** An extension of the GroupContext is not supported by every member (§13.4). */
    GROUP_EXTENSION_NOT_SUPPORTED(
            "13.4", "R-13.4-07", "an extension of the GroupContext is not supported by every member"),

    // Tree
    /** An occupied parent node is not parent-hash valid (§7.9.2). */
    PARENT_HASH("7.9.2", "R-7.9.2-04", "an occupied parent node is not parent-hash valid"),
    /** The parent hash in the UpdatePath's leaf is wrong (§7.9.2). */
    PARENT_HASH_OF_PATH("7.9.2", "R-7.9.2-07", "the parent hash in the UpdatePath's leaf is wrong"),
    /** The ratchet tree does not have the tree hash of the GroupContext (§12.4.3.1). */
    TREE_HASH("12.4.3.1", "R-12.4.3.1-15", "the ratchet tree does not have the tree hash of the GroupContext"),
    /** An unmerged leaf is blank or not below its parent node (§12.4.3.1). */
    UNMERGED_LEAF_NOT_BELOW("12.4.3.1", "R-12.4.3.1-18", "an unmerged leaf is blank or not below its parent node"),
    /** An unmerged leaf is missing in a node between it and a parent that lists it (§12.4.3.1). */
    UNMERGED_LEAF_INTERMEDIATE(
            "12.4.3.1", "R-12.4.3.1-19", "an unmerged leaf is missing in a node between it and a parent that lists it"),
    /** The UpdatePath has not as many nodes as the sender's filtered direct path (§7.6). */
    PATH_LENGTH("7.6", "R-7.6-02", "the UpdatePath has not as many nodes as the sender's filtered direct path"),
    /** A node of the UpdatePath has not one ciphertext for each node to encrypt to (§7.6). */
    PATH_CIPHERTEXT_COUNT(
            "7.6", "R-7.6-04", "a node of the UpdatePath has not one ciphertext for each node to encrypt to"),
    /** A derived public key differs from the one that was sent (§7.5). */
    PATH_KEY_MISMATCH("7.5", "R-7.5-09", "a derived public key differs from the one that was sent"),
    /** A public key of the UpdatePath occurs in the tree already (§12.4.2). */
    PATH_KEY_NOT_FRESH("12.4.2", "R-12.4.2-09", "a public key of the UpdatePath occurs in the tree already"),
    /** A public key occurs twice in the UpdatePath (§12.4.2). */
    PATH_KEY_TWICE("12.4.2", "R-12.4.2-10", "a public key occurs twice in the UpdatePath"),
    /** The path secret could not be decrypted (§7.5). */
    PATH_DECRYPTION("7.5", "R-7.5-08", "the path secret could not be decrypted"),

    // Key packages
    /** The signature of the KeyPackage does not verify (§10.1). */
    KEY_PACKAGE_SIGNATURE("10.1", "R-10.1-05", "the signature of the KeyPackage does not verify"),
    /** The KeyPackage has another version or cipher suite than the group (§10.1). */
    KEY_PACKAGE_VERSION_OR_SUITE(
            "10.1", "R-10.1-03", "the KeyPackage has another version or cipher suite than the group"),
    /** Init_key equals the leaf's encryption key (§10.1). */
    KEY_PACKAGE_INIT_KEY("10.1", "R-10.1-06", "init_key equals the leaf's encryption key"),

    // Proposals
    /** The leaf to remove is blank or outside the tree (§12.1.3). */
    REMOVE_TARGET("12.1.3", "R-12.1.3-01", "the leaf to remove is blank or outside the tree"),
    /** A PSK of usage reinit outside the first Commit of a reinitialized group (§12.1.4). */
    PSK_REINIT_USAGE(
            "12.1.4", "R-12.1.4-01", "a PSK of usage reinit outside the first Commit of a reinitialized group"),
    /** A PSK of usage branch outside the first Commit of a branched group (§12.1.4). */
    PSK_BRANCH_USAGE("12.1.4", "R-12.1.4-02", "a PSK of usage branch outside the first Commit of a branched group"),
    /** Psk_nonce is not Nh bytes long (§12.1.4). */
    PSK_NONCE_LENGTH("12.1.4", "R-12.1.4-03", "psk_nonce is not Nh bytes long"),
    /** A pre-shared key is not at hand (§12.4.2). */
    PSK_UNKNOWN("12.4.2", "R-12.4.2-05", "a pre-shared key is not at hand"),
    /** More than 65535 pre-shared keys (§8.4). */
    PSK_COUNT("8.4", "R-8.4-07", "more than 65535 pre-shared keys"),
    /** The version of a ReInit is below that of the group (§12.1.5). */
    REINIT_VERSION("12.1.5", "R-12.1.5-01", "the version of a ReInit is below that of the group"),
    /** ExternalInit outside an external Commit (§12.1.6). */
    EXTERNAL_INIT_PLACE("12.1.6", "R-12.1.6-01", "ExternalInit outside an external Commit"),
    /** New required_capabilities that some member lacks (§12.1.7). */
    GCE_REQUIRED_CAPABILITIES("12.1.7", "R-12.1.7-01", "new required_capabilities that some member lacks"),
    /** The group has no external_senders (§12.1.8). */
    EXTERNAL_SENDERS_ABSENT("12.1.8", "R-12.1.8-01", "the group has no external_senders"),
    /** The application does not authorize the new member's proposal (§12.1.8). */
    NEW_MEMBER_PROPOSAL_REFUSED(
            "12.1.8", "R-12.1.8-02", "the application does not authorize the new member's proposal"),
    /** This type of proposal is not open to external senders (§12.1.8). */
    EXTERNAL_PROPOSAL_TYPE("12.1.8", "R-12.1.8-04", "this type of proposal is not open to external senders"),
    /** A proposal type is not supported by every member who will process it (§12.2). */
    PROPOSAL_NOT_SUPPORTED("12.2", "R-12.2-16", "a proposal type is not supported by every member who will process it"),
    /** The application's policy refuses the proposal (§12.2). */
    PROPOSAL_REFUSED_BY_POLICY("12.2", "R-12.2-18", "the application's policy refuses the proposal"),

    // Proposal lists
    /** A Commit names a proposal that was not received (§12.2). */
    PROPOSAL_REFERENCE_UNKNOWN("12.2", "R-12.2-03", "a Commit names a proposal that was not received"),
    /** The Commit covers an Update of the committer (§12.2). */
    UPDATE_BY_COMMITTER("12.2", "R-12.2-05", "the Commit covers an Update of the committer"),
    /** The Commit removes the committer (§12.2). */
    REMOVE_OF_COMMITTER("12.2", "R-12.2-06", "the Commit removes the committer"),
    /** Several Updates or Removes concern one leaf (§12.2). */
    SAME_LEAF_TWICE("12.2", "R-12.2-07", "several Updates or Removes concern one leaf"),
    /** Several Adds are for one client (§12.2). */
    ADD_TWICE("12.2", "R-12.2-09", "several Adds are for one client"),
    /** An Add is for a client that is in the group (§12.2). */
    ADD_OF_MEMBER("12.2", "R-12.2-10", "an Add is for a client that is in the group"),
    /** Two PreSharedKey proposals carry the same id (§12.2). */
    PSK_TWICE("12.2", "R-12.2-11", "two PreSharedKey proposals carry the same id"),
    /** More than one GroupContextExtensions proposal (§12.2). */
    GCE_TWICE("12.2", "R-12.2-12", "more than one GroupContextExtensions proposal"),
    /** A ReInit stands together with another proposal (§12.2). */
    REINIT_NOT_ALONE("12.2", "R-12.2-13", "a ReInit stands together with another proposal"),
    /** An ExternalInit in a regular Commit (§12.2). */
    EXTERNAL_INIT_IN_REGULAR_COMMIT("12.2", "R-12.2-15", "an ExternalInit in a regular Commit"),
    /** An external Commit must hold exactly one ExternalInit (§12.2). */
    EXTERNAL_COMMIT_INIT_COUNT("12.2", "R-12.2-19", "an external Commit must hold exactly one ExternalInit"),
    /** An external Commit may remove only the joiner's own old leaf, once (§12.2). */
    EXTERNAL_COMMIT_REMOVE("12.2", "R-12.2-20", "an external Commit may remove only the joiner's own old leaf, once"),
    /** This type of proposal is not allowed in an external Commit (§12.2). */
    EXTERNAL_COMMIT_PROPOSAL_TYPE("12.2", "R-12.2-23", "this type of proposal is not allowed in an external Commit"),
    /** An external Commit names a proposal by reference (§12.4.3.2). */
    EXTERNAL_COMMIT_REFERENCE("12.4.3.2", "R-12.4.3.2-06", "an external Commit names a proposal by reference"),
    /** An external Commit without a path (§12.4.3.2). */
    EXTERNAL_COMMIT_PATH("12.4.3.2", "R-12.4.3.2-04", "an external Commit without a path"),
    /** The application's policy refuses the external Commit (§12.4.3.2). */
    EXTERNAL_COMMIT_REFUSED("12.4.3.2", "R-12.4.3.2-13", "the application's policy refuses the external Commit"),

    // Commits
    /** The path is missing (§12.4). */
    PATH_REQUIRED("12.4", "R-12.4-11", "the path is missing"),
    /** The confirmation tag does not verify (§12.4.2). */
    CONFIRMATION_TAG("12.4.2", "R-12.4.2-14", "the confirmation tag does not verify"),
    /** The epoch number cannot grow (§12). */
    EPOCH_EXHAUSTED("12", "R-12-01", "the epoch number cannot grow"),
    /** The group takes no more messages (§12.4.2). */
    GROUP_ENDED("12.4.2", "R-12.4.2-16", "the group takes no more messages"),

    // Joining
    /** The signature of the GroupInfo does not verify (§12.4.3). */
    GROUP_INFO_SIGNATURE("12.4.3", "R-12.4.3-07", "the signature of the GroupInfo does not verify"),
    /** The signer of the GroupInfo is a blank or absent leaf (§12.4.3.1). */
    GROUP_INFO_SIGNER("12.4.3.1", "R-12.4.3.1-11", "the signer of the GroupInfo is a blank or absent leaf"),
    /** The GroupInfo has another context than the epoch that it is for (§12.4.3). */
    GROUP_INFO_CONTEXT("12.4.3", "R-12.4.3-01", "the GroupInfo has another context than the epoch that it is for"),
    /** An extension of the GroupContext is not supported by this client (§12.4.3). */
    GROUP_INFO_EXTENSION_NOT_SUPPORTED(
            "12.4.3", "R-12.4.3-05", "an extension of the GroupContext is not supported by this client"),
    /** The client is in a group of this id already (§12.4.3). */
    GROUP_ID_IN_USE("12.4.3", "R-12.4.3-06", "the client is in a group of this id already"),
    /** The GroupInfo has no external_pub (§12.4.3.2). */
    GROUP_INFO_WITHOUT_EXTERNAL_PUB("12.4.3.2", "R-12.4.3.2-02", "the GroupInfo has no external_pub"),
    /** No ratchet tree is at hand (§12.4.3.1). */
    RATCHET_TREE_MISSING("12.4.3.1", "R-12.4.3.1-03", "no ratchet tree is at hand"),
    /** No entry of the Welcome is for a key package of this client (§12.4.3.1). */
    WELCOME_NOT_FOR_US("12.4.3.1", "R-12.4.3.1-04", "no entry of the Welcome is for a key package of this client"),
    /** The key package has another cipher suite than the Welcome (§12.4.3.1). */
    WELCOME_SUITE("12.4.3.1", "R-12.4.3.1-05", "the key package has another cipher suite than the Welcome"),
    /** More than one PSK of usage reinit or branch (§12.4.3.1). */
    WELCOME_PSKS("12.4.3.1", "R-12.4.3.1-08", "more than one PSK of usage reinit or branch"),
    /** The GroupInfo has another version or cipher suite than the key package (§12.4.3.1). */
    GROUP_INFO_SUITE(
            "12.4.3.1", "R-12.4.3.1-13", "the GroupInfo has another version or cipher suite than the key package"),
    /** The tree holds no leaf equal to the one in the key package (§12.4.3.1). */
    OWN_LEAF_MISSING("12.4.3.1", "R-12.4.3.1-21", "the tree holds no leaf equal to the one in the key package"),
    /** A private key derived from the path secret does not fit the tree (§12.4.3.1). */
    PATH_SECRET_MISMATCH(
            "12.4.3.1", "R-12.4.3.1-23", "a private key derived from the path secret does not fit the tree"),
    /** A group made by reinitialization or branching must be in epoch 1 (§12.4.3.1). */
    RESUMPTION_EPOCH("12.4.3.1", "R-12.4.3.1-27", "a group made by reinitialization or branching must be in epoch 1"),
    /** The new group does not match the ReInit proposal (§12.4.3.1). */
    REINIT_MISMATCH("12.4.3.1", "R-12.4.3.1-28", "the new group does not match the ReInit proposal"),
    /** The new group lacks a member of the old one (§12.4.3.1). */
    REINIT_MEMBERS("12.4.3.1", "R-12.4.3.1-29", "the new group lacks a member of the old one"),
    /** The subgroup has another version or cipher suite than the group (§12.4.3.1). */
    BRANCH_MISMATCH("12.4.3.1", "R-12.4.3.1-30", "the subgroup has another version or cipher suite than the group"),
    /** The subgroup has a member that is not in the group (§12.4.3.1). */
    BRANCH_MEMBERS("12.4.3.1", "R-12.4.3.1-31", "the subgroup has a member that is not in the group"),
    /** The version or cipher suite is not the best that all members support (§11). */
    DOWNGRADE("11", "R-11-03", "the version or cipher suite is not the best that all members support"),
    /** The stored state is incomplete, damaged or of another version (§2.1). */
    STORED_STATE("2.1", "R-2.1-03", "the stored state is incomplete, damaged or of another version");

    private final String section;
    private final String requirement;
    private final String description;

    Rule(String section, String requirement, String description) {
        this.section = section;
        this.requirement = requirement;
        this.description = description;
    }

    /** The section of RFC 9420 that states the rule, such as "12.4.2". */
    public String section() {
        return section;
    }

    /** The row of VALIDATION.md that the rule stands for, such as "R-12.4.2-14". */
    public String requirement() {
        return requirement;
    }

    /** What is wrong when the rule is broken, in one lower-case phrase. */
    public String description() {
        return description;
    }
}
