package org.coppice.cli.inspect;

import org.coppice.cli.inspect.Walker.Part;
import org.coppice.mls.error.DecodeException;

/** The structures of group evolution (RFC 9420 §8, §10 to §12). */
final class GroupStructures {
    static final Part KEY_PACKAGE = GroupStructures::keyPackage;
    static final Part GROUP_CONTEXT = GroupStructures::groupContext;
    static final Part GROUP_INFO = GroupStructures::groupInfo;
    static final Part GROUP_SECRETS = GroupStructures::groupSecrets;
    static final Part WELCOME = GroupStructures::welcome;
    static final Part PROPOSAL = GroupStructures::proposal;
    static final Part COMMIT = GroupStructures::commit;
    static final Part PRE_SHARED_KEY_ID = GroupStructures::preSharedKeyId;

    private GroupStructures() {}

    private static void keyPackage(Walker in) throws DecodeException {
        in.uint16("version", Names::version);
        in.uint16("cipher_suite", Names::suite);
        NodeStructures.publicKey(in, "init_key", "HPKEPublicKey");
        in.struct("leaf_node", "LeafNode", "7.2", NodeStructures.LEAF_NODE);
        ExtensionStructures.extensions(in, "extensions");
        in.opaque("signature");
    }

    private static void groupContext(Walker in) throws DecodeException {
        in.uint16("version", Names::version);
        in.uint16("cipher_suite", Names::suite);
        in.opaque("group_id", "opaque<V>", Names::text);
        in.uint64("epoch", Names::none);
        in.opaque("tree_hash");
        in.opaque("confirmed_transcript_hash");
        ExtensionStructures.extensions(in, "extensions");
    }

    private static void groupInfo(Walker in) throws DecodeException {
        in.struct("group_context", "GroupContext", "8.1", GROUP_CONTEXT);
        ExtensionStructures.extensions(in, "extensions");
        in.opaque("confirmation_tag", "MAC", tag -> "");
        in.uint32("signer");
        in.opaque("signature");
    }

    private static void groupSecrets(Walker in) throws DecodeException {
        in.opaque("joiner_secret");
        in.optional("path_secret", "PathSecret", secret -> secret.opaque("path_secret"));
        in.list(
                "psks",
                "PreSharedKeyID",
                list -> list.struct(list.index(), "PreSharedKeyID", "8.4", PRE_SHARED_KEY_ID));
    }

    private static void preSharedKeyId(Walker in) throws DecodeException {
        int type = in.uint8("psktype", Names::pskType);
        switch (type) {
            case 1 -> in.opaque("psk_id", "opaque<V>", Names::text);
            case 2 -> {
                int usage = in.uint8("usage", Names::pskUsage);
                if (usage < 1 || usage > 3) {
                    throw NodeStructures.unknown(in, 1, "resumption PSK usage " + usage);
                }
                in.opaque("psk_group_id", "opaque<V>", Names::text);
                in.uint64("psk_epoch", Names::none);
            }
            default -> throw NodeStructures.unknown(in, 1, "PSK type " + type);
        }
        in.opaque("psk_nonce");
    }

    private static void welcome(Walker in) throws DecodeException {
        in.uint16("cipher_suite", Names::suite);
        in.list(
                "secrets",
                "EncryptedGroupSecrets",
                list -> list.struct(list.index(), "EncryptedGroupSecrets", "12.4.3.1", secrets -> {
                    secrets.opaque("new_member", "KeyPackageRef", ref -> "");
                    secrets.struct("encrypted_group_secrets", "HPKECiphertext", "7.6", NodeStructures.HPKE_CIPHERTEXT);
                }));
        in.opaque("encrypted_group_info");
    }

    private static void proposal(Walker in) throws DecodeException {
        int type = in.uint16("proposal_type", Names::proposal);
        in.remark(Names.proposal(type));
        body(in, type);
    }

    private static void body(Walker in, int type) throws DecodeException {
        switch (type) {
            case 1 -> in.struct("add", "Add", "12.1.1", body(1));
            case 2 -> in.struct("update", "Update", "12.1.2", body(2));
            case 3 -> in.struct("remove", "Remove", "12.1.3", body(3));
            case 4 -> in.struct("psk", "PreSharedKey", "12.1.4", body(4));
            case 5 -> in.struct("reinit", "ReInit", "12.1.5", body(5));
            case 6 -> in.struct("external_init", "ExternalInit", "12.1.6", body(6));
            case 7 -> in.struct("group_context_extensions", "GroupContextExtensions", "12.1.7", body(7));
            default -> {
                in.takesAnything();
                in.opaque("body", "opaque<V>", Names::text);
            }
        }
    }

    /** The body of a proposal of a default type, without the type. */
    static Part body(int type) {
        return switch (type) {
            case 1 -> in -> in.struct("key_package", "KeyPackage", "10", KEY_PACKAGE);
            case 2 -> in -> in.struct("leaf_node", "LeafNode", "7.2", NodeStructures.LEAF_NODE);
            case 3 -> in -> in.uint32("removed");
            case 4 -> in -> in.struct("psk", "PreSharedKeyID", "8.4", PRE_SHARED_KEY_ID);
            case 5 ->
                in -> {
                    in.opaque("group_id", "opaque<V>", Names::text);
                    in.uint16("version", Names::version);
                    in.uint16("cipher_suite", Names::suite);
                    ExtensionStructures.extensions(in, "extensions");
                };
            case 6 -> in -> in.opaque("kem_output");
            case 7 -> ExtensionStructures.EXTENSIONS;
            default -> throw new IllegalArgumentException(type + " is no default proposal type");
        };
    }

    private static void commit(Walker in) throws DecodeException {
        in.list(
                "proposals",
                "ProposalOrRef",
                list -> list.struct(list.index(), "ProposalOrRef", "12.4", entry -> {
                    int type = entry.uint8("type", Names::proposalOrRef);
                    switch (type) {
                        case 1 -> entry.struct("proposal", "Proposal", "12.1", PROPOSAL);
                        case 2 -> entry.opaque("reference", "ProposalRef", ref -> "");
                        default -> throw NodeStructures.unknown(entry, 1, "ProposalOrRefType " + type);
                    }
                }));
        in.optional(
                "path",
                "UpdatePath",
                path -> path.struct("update_path", "UpdatePath", "7.6", NodeStructures.UPDATE_PATH));
    }
}
