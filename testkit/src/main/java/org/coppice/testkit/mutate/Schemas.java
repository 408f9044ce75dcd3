package org.coppice.testkit.mutate;

import static org.coppice.testkit.mutate.Schema.NOTHING;
import static org.coppice.testkit.mutate.Schema.envelope;
import static org.coppice.testkit.mutate.Schema.fixed;
import static org.coppice.testkit.mutate.Schema.list;
import static org.coppice.testkit.mutate.Schema.number;
import static org.coppice.testkit.mutate.Schema.opaque;
import static org.coppice.testkit.mutate.Schema.optional;
import static org.coppice.testkit.mutate.Schema.rest;
import static org.coppice.testkit.mutate.Schema.struct;

import java.util.function.Function;

/**
 * The structures of RFC 9420, written down a second time and apart from the library's decoders. Where a message carries something
 * encrypted, there is a schema of the message opened, with the plaintext in the place of the ciphertext.
 */
public final class Schemas {
    private Schemas() {}

    // ---- §5, §7

    private static final Schema CREDENTIAL = struct().with("credential_type", number(2))
            .choose("credential", before -> before.get("credential_type").number() == 2 ? list(opaque()) : opaque())
            .done();

    private static final Schema CAPABILITIES = struct().with("versions", list(number(2)))
            .with("cipher_suites", list(number(2)))
            .with("extensions", list(number(2)))
            .with("proposals", list(number(2)))
            .with("credentials", list(number(2)))
            .done();

    private static final Schema EXTERNAL_SENDERS = list(struct().with("signature_key", opaque())
            .with("credential", CREDENTIAL)
            .done());

    private static final Schema REQUIRED_CAPABILITIES = struct().with("extension_types", list(number(2)))
            .with("proposal_types", list(number(2)))
            .with("credential_types", list(number(2)))
            .done();

    private static final Schema LIFETIME =
            struct().with("not_before", number(8)).with("not_after", number(8)).done();

    /** {@code Extension extensions<V>}, with what the types of the RFC carry. */
    static final Schema EXTENSIONS = list((name, in) -> extension().read(name, in));

    /** {@code LeafNode}. */
    static final Schema LEAF_NODE = struct().with("encryption_key", opaque())
            .with("signature_key", opaque())
            .with("credential", CREDENTIAL)
            .with("capabilities", CAPABILITIES)
            .with("leaf_node_source", number(1))
            .choose("source", before -> switch ((int)
                    before.get("leaf_node_source").number()) {
                case 1 -> LIFETIME;
                case 3 -> opaque();
                default -> NOTHING;
            })
            .with("extensions", EXTENSIONS)
            .with("signature", opaque())
            .done();

    private static final Schema PARENT_NODE = struct().with("encryption_key", opaque())
            .with("parent_hash", opaque())
            .with("unmerged_leaves", list(number(4)))
            .done();

    /** {@code optional<Node> ratchet_tree<V>}. */
    static final Schema RATCHET_TREE = list(optional(struct().with("node_type", number(1))
            .choose("node", before -> before.get("node_type").number() == 1 ? LEAF_NODE : PARENT_NODE)
            .done()));

    private static Schema extension() {
        return struct().with("extension_type", number(2))
                .choose("extension_data", before -> switch ((int)
                        before.get("extension_type").number()) {
                    case 2 -> envelope(RATCHET_TREE);
                    case 3 -> envelope(REQUIRED_CAPABILITIES);
                    case 4 -> envelope(opaque());
                    case 5 -> envelope(EXTERNAL_SENDERS);
                    default -> opaque();
                })
                .done();
    }

    private static final Schema HPKE_CIPHERTEXT =
            struct().with("kem_output", opaque()).with("ciphertext", opaque()).done();

    /** {@code UpdatePath}. */
    static final Schema UPDATE_PATH = struct().with("leaf_node", LEAF_NODE)
            .with(
                    "nodes",
                    list(struct().with("encryption_key", opaque())
                            .with("encrypted_path_secret", list(HPKE_CIPHERTEXT))
                            .done()))
            .done();

    // ---- §8, §10, §12

    /** {@code KeyPackage}. */
    static final Schema KEY_PACKAGE = struct().with("version", number(2))
            .with("cipher_suite", number(2))
            .with("init_key", opaque())
            .with("leaf_node", LEAF_NODE)
            .with("extensions", EXTENSIONS)
            .with("signature", opaque())
            .done();

    private static final Schema PRE_SHARED_KEY_ID = struct().with("psktype", number(1))
            .choose(
                    "psk",
                    before -> before.get("psktype").number() == 1
                            ? struct().with("psk_id", opaque()).done()
                            : struct().with("usage", number(1))
                                    .with("psk_group_id", opaque())
                                    .with("psk_epoch", number(8))
                                    .done())
            .with("psk_nonce", opaque())
            .done();

    private static final Schema RE_INIT = struct().with("group_id", opaque())
            .with("version", number(2))
            .with("cipher_suite", number(2))
            .with("extensions", EXTENSIONS)
            .done();

    private static final Schema PROPOSAL = struct().with("proposal_type", number(2))
            .choose("proposal", before -> switch ((int)
                    before.get("proposal_type").number()) {
                case 1 -> KEY_PACKAGE;
                case 2 -> LEAF_NODE;
                case 3 -> number(4);
                case 4 -> PRE_SHARED_KEY_ID;
                case 5 -> RE_INIT;
                case 7 -> EXTENSIONS;
                default -> opaque();
            })
            .done();

    private static final Schema COMMIT = struct().with(
                    "proposals",
                    list(struct().with("type", number(1))
                            .choose("value", before -> before.get("type").number() == 1 ? PROPOSAL : opaque())
                            .done()))
            .with("path", optional(UPDATE_PATH))
            .done();

    /** {@code GroupContext}. */
    static final Schema GROUP_CONTEXT = struct().with("version", number(2))
            .with("cipher_suite", number(2))
            .with("group_id", opaque())
            .with("epoch", number(8))
            .with("tree_hash", opaque())
            .with("confirmed_transcript_hash", opaque())
            .with("extensions", EXTENSIONS)
            .done();

    /** {@code GroupInfo}. */
    static final Schema GROUP_INFO = struct().with("group_context", GROUP_CONTEXT)
            .with("extensions", EXTENSIONS)
            .with("confirmation_tag", opaque())
            .with("signer", number(4))
            .with("signature", opaque())
            .done();

    /** {@code GroupSecrets}. */
    static final Schema GROUP_SECRETS = struct().with("joiner_secret", opaque())
            .with("path_secret", optional(opaque()))
            .with("psks", list(PRE_SHARED_KEY_ID))
            .done();

    // ---- §6

    private static final Schema SENDER = struct().with("sender_type", number(1))
            .choose("sender", before -> before.get("sender_type").number() <= 2 ? number(4) : NOTHING)
            .done();

    private static Schema content(Field before) {
        return switch ((int) before.get("content_type").number()) {
            case 1 -> opaque();
            case 2 -> PROPOSAL;
            default -> COMMIT;
        };
    }

    /** {@code FramedContent}. */
    static final Schema FRAMED_CONTENT = struct().with("group_id", opaque())
            .with("epoch", number(8))
            .with("sender", SENDER)
            .with("authenticated_data", opaque())
            .with("content_type", number(1))
            .choose("content", Schemas::content)
            .done();

    private static Schema ifCommit(String type, Field before) {
        return before.get(type).number() == 3 ? opaque() : NOTHING;
    }

    private static final Schema PUBLIC_MESSAGE = struct().with("content", FRAMED_CONTENT)
            .with("signature", opaque())
            .choose("confirmation_tag", before -> ifCommit("content/content_type", before))
            .choose(
                    "membership_tag",
                    before -> before.get("content/sender/sender_type").number() == 1 ? opaque() : NOTHING)
            .done();

    private static final Schema PRIVATE_MESSAGE = struct().with("group_id", opaque())
            .with("epoch", number(8))
            .with("content_type", number(1))
            .with("authenticated_data", opaque())
            .with("encrypted_sender_data", opaque())
            .with("ciphertext", opaque())
            .done();

    private static final Schema WELCOME = struct().with("cipher_suite", number(2))
            .with(
                    "secrets",
                    list(struct().with("new_member", opaque())
                            .with("encrypted_group_secrets", HPKE_CIPHERTEXT)
                            .done()))
            .with("encrypted_group_info", opaque())
            .done();

    /** {@code MLSMessage}. */
    public static final Schema MESSAGE =
            message(before -> switch ((int) before.get("wire_format").number()) {
                case 1 -> PUBLIC_MESSAGE;
                case 2 -> PRIVATE_MESSAGE;
                case 3 -> WELCOME;
                case 4 -> GROUP_INFO;
                default -> KEY_PACKAGE;
            });

    private static Schema message(Function<Field, Schema> body) {
        return struct().with("version", number(2))
                .with("wire_format", number(2))
                .choose("body", body)
                .done();
    }

    // ---- opened

    /** A PrivateMessage, with sender data and content in the clear. */
    static final Schema OPEN_PRIVATE_MESSAGE = message(ignored -> struct().with("group_id", opaque())
            .with("epoch", number(8))
            .with("content_type", number(1))
            .with("authenticated_data", opaque())
            .with(
                    "sender_data",
                    struct().with("leaf_index", number(4))
                            .with("generation", number(4))
                            .with("reuse_guard", fixed(4))
                            .done())
            .choose("content", Schemas::content)
            .with("signature", opaque())
            .choose("confirmation_tag", before -> ifCommit("content_type", before))
            .with("padding", rest())
            .done());

    /** A Welcome, with all GroupSecrets and the GroupInfo in the clear. */
    static final Schema OPEN_WELCOME = message(ignored -> struct().with("cipher_suite", number(2))
            .with(
                    "secrets",
                    list(struct().with("new_member", opaque())
                            .with("group_secrets", GROUP_SECRETS)
                            .done()))
            .with("group_info", GROUP_INFO)
            .done());
}
