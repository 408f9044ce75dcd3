package org.coppice.cli.inspect;

import org.coppice.cli.inspect.Walker.Part;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** The structures of the ratchet tree (RFC 9420 §5.3, §7). */
final class NodeStructures {
    static final Part LEAF_NODE = NodeStructures::leafNode;
    static final Part PARENT_NODE = NodeStructures::parentNode;
    static final Part RATCHET_TREE = NodeStructures::ratchetTree;
    static final Part UPDATE_PATH = NodeStructures::updatePath;
    static final Part CAPABILITIES = NodeStructures::capabilities;
    static final Part CREDENTIAL = NodeStructures::credential;
    static final Part HPKE_CIPHERTEXT = NodeStructures::hpkeCiphertext;

    private NodeStructures() {}

    private static void leafNode(Walker in) throws DecodeException {
        publicKey(in, "encryption_key", "HPKEPublicKey");
        publicKey(in, "signature_key", "SignaturePublicKey");
        in.struct("credential", "Credential", "5.3", CREDENTIAL);
        in.struct("capabilities", "Capabilities", "7.2", CAPABILITIES);
        int source = in.uint8("leaf_node_source", Names::leafNodeSource);
        switch (source) {
            case 1 ->
                in.struct("lifetime", "Lifetime", "7.2", lifetime -> {
                    lifetime.uint64("not_before", Names::time);
                    lifetime.uint64("not_after", Names::time);
                });
            case 2 -> {
                // An update carries nothing more.
            }
            case 3 -> in.opaque("parent_hash");
            default -> throw unknown(in, 1, "leaf_node_source " + source);
        }
        ExtensionStructures.extensions(in, "extensions");
        in.opaque("signature");
    }

    private static void credential(Walker in) throws DecodeException {
        int type = in.uint16("credential_type", Names::credential);
        switch (type) {
            case 1 -> in.remark(("basic " + Names.text(in.opaque("identity", "opaque<V>", Names::text))).trim());
            case 2 ->
                in.list("certificates", "Certificate", list -> list.opaque(list.index(), "opaque<V>", b -> "DER"));
            default -> {
                in.takesAnything();
                in.opaque("data");
            }
        }
    }

    private static void capabilities(Walker in) throws DecodeException {
        in.list("versions", "ProtocolVersion", list -> list.uint16(list.index(), Names::version));
        in.list("cipher_suites", "CipherSuite", list -> list.uint16(list.index(), Names::suite));
        in.list("extensions", "ExtensionType", list -> list.uint16(list.index(), Names::extension));
        in.list("proposals", "ProposalType", list -> list.uint16(list.index(), Names::proposal));
        in.list("credentials", "CredentialType", list -> list.uint16(list.index(), Names::credential));
    }

    private static void parentNode(Walker in) throws DecodeException {
        publicKey(in, "encryption_key", "HPKEPublicKey");
        in.opaque("parent_hash");
        in.list("unmerged_leaves", "uint32", list -> list.uint32(list.index()));
    }

    /** A ratchet_tree without the header of the extension around it. */
    private static void ratchetTree(Walker in) throws DecodeException {
        in.list("nodes", "optional<Node>", list -> {
            String name = list.index();
            list.optional(name, "Node", node -> {
                int type = node.uint8("node_type", Names::nodeType);
                switch (type) {
                    case 1 -> node.struct("leaf_node", "LeafNode", "7.2", LEAF_NODE);
                    case 2 -> node.struct("parent_node", "ParentNode", "7.1", PARENT_NODE);
                    default -> throw unknown(node, 1, "node_type " + type);
                }
            });
        });
    }

    private static void updatePath(Walker in) throws DecodeException {
        in.struct("leaf_node", "LeafNode", "7.2", LEAF_NODE);
        in.list(
                "nodes",
                "UpdatePathNode",
                list -> list.struct(list.index(), "UpdatePathNode", "7.6", node -> {
                    publicKey(node, "encryption_key", "HPKEPublicKey");
                    node.list(
                            "encrypted_path_secret",
                            "HPKECiphertext",
                            secrets -> secrets.struct(secrets.index(), "HPKECiphertext", "7.6", HPKE_CIPHERTEXT));
                }));
    }

    private static void hpkeCiphertext(Walker in) throws DecodeException {
        in.opaque("kem_output");
        in.opaque("ciphertext");
    }

    static void publicKey(Walker in, String name, String type) throws DecodeException {
        in.opaque(name, type, key -> "");
    }

    /** A discriminator of {@code size} bytes that was just read and selects nothing. */
    static DecodeException unknown(Walker in, int size, String what) {
        return new DecodeException(Rule.UNKNOWN_DISCRIMINATOR, in.reader().offset() - size, what);
    }
}
