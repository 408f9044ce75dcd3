package org.coppice.cli.inspect;

import org.coppice.cli.inspect.Walker.Part;
import org.coppice.mls.error.DecodeException;

/** Lists of extensions, with the known ones decoded inside (RFC 9420 §13.4). */
final class ExtensionStructures {
    static final Part EXTENSIONS = in -> extensions(in, "extensions");
    static final Part REQUIRED_CAPABILITIES = ExtensionStructures::requiredCapabilities;
    static final Part EXTERNAL_SENDERS = ExtensionStructures::externalSenders;

    private ExtensionStructures() {}

    static void extensions(Walker in, String name) throws DecodeException {
        in.list(
                name,
                "Extension",
                list -> list.struct(list.index(), "Extension", "", extension -> {
                    int type = extension.uint16("extension_type", Names::extension);
                    extension.remark(Names.extension(type));
                    data(extension, type);
                }));
    }

    private static void data(Walker in, int type) throws DecodeException {
        String name = "extension_data";
        switch (type) {
            case 1 ->
                in.wrapped(
                        name,
                        "ApplicationId",
                        "5.3.3",
                        inner -> inner.opaque("application_id", "opaque<V>", Names::text));
            case 2 -> in.wrapped(name, "ratchet_tree", "12.4.3.3", NodeStructures.RATCHET_TREE);
            case 3 -> in.wrapped(name, "RequiredCapabilities", "11.1", REQUIRED_CAPABILITIES);
            case 4 ->
                in.wrapped(
                        name,
                        "ExternalPub",
                        "12.4.3.2",
                        inner -> NodeStructures.publicKey(inner, "external_pub", "HPKEPublicKey"));
            case 5 -> in.wrapped(name, "ExternalSenders", "12.1.8.1", EXTERNAL_SENDERS);
            default -> in.opaque(name, "opaque<V>", Names::text);
        }
    }

    private static void requiredCapabilities(Walker in) throws DecodeException {
        in.list("extension_types", "ExtensionType", list -> list.uint16(list.index(), Names::extension));
        in.list("proposal_types", "ProposalType", list -> list.uint16(list.index(), Names::proposal));
        in.list("credential_types", "CredentialType", list -> list.uint16(list.index(), Names::credential));
    }

    private static void externalSenders(Walker in) throws DecodeException {
        in.list(
                "external_senders",
                "ExternalSender",
                list -> list.struct(list.index(), "ExternalSender", "12.1.8.1", sender -> {
                    NodeStructures.publicKey(sender, "signature_key", "SignaturePublicKey");
                    sender.struct("credential", "Credential", "5.3", NodeStructures.CREDENTIAL);
                }));
    }
}
