package org.coppice.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The kinds of test vectors that the MLS working group publishes, in the order in which they build upon each other. The name of
 * a kind is that of its file.
 */
public enum VectorKind {
    /** Arithmetic of node indices (RFC 9420 appendix C). */
    TREE_MATH("tree-math", "n_leaves", "root"),
    /** Lengths of vectors (§2.1.2). */
    DESERIALIZATION("deserialization", "vlbytes_header"),
    /** Labelled operations of a suite (§5). */
    CRYPTO_BASICS("crypto-basics", "ref_hash", "encrypt_with_label"),
    /** Keys of messages (§9). */
    SECRET_TREE("secret-tree", "sender_data", "leaves"),
    /** Framing (§6). */
    MESSAGE_PROTECTION("message-protection", "proposal_priv", "sender_data_secret"),
    /** The key schedule (§8). */
    KEY_SCHEDULE("key-schedule", "initial_init_secret"),
    /** The PSK secret (§8.4). */
    PSK_SECRET("psk_secret", "psks", "psk_secret"),
    /** Transcript hashes (§8.2). */
    TRANSCRIPT_HASHES("transcript-hashes", "confirmation_key", "authenticated_content"),
    /** Joining (§12.4.3.1). */
    WELCOME("welcome", "init_priv", "signer_pub"),
    /** Add, Update and Remove on a tree (§12.1). */
    TREE_OPERATIONS("tree-operations", "tree_before", "proposal_sender"),
    /** Resolutions, tree hashes, parent hashes, leaf signatures (§4, §7). */
    TREE_VALIDATION("tree-validation", "tree", "resolutions"),
    /** Update paths (§7.4 to §7.6). */
    TREEKEM("treekem", "ratchet_tree", "update_paths"),
    /** Round trips of all structures. */
    MESSAGES("messages", "mls_welcome", "mls_key_package"),
    /** A client that joins in many ways. */
    PASSIVE_CLIENT_WELCOME("passive-client-welcome", "initial_epoch_authenticator", "epochs"),
    /** A client that follows single commits. */
    PASSIVE_CLIENT_HANDLING_COMMIT("passive-client-handling-commit", "initial_epoch_authenticator", "epochs"),
    /** A client that follows a long history. */
    PASSIVE_CLIENT_RANDOM("passive-client-random", "initial_epoch_authenticator", "epochs");

    private static final int LONG_HISTORY = 10;

    private final String label;
    private final List<String> marks;

    /** @param marks fields that a case of this kind has, and one of another kind has not all */
    VectorKind(String label, String... marks) {
        this.label = label;
        this.marks = List.of(marks);
    }

    /** The name in use, such as "tree-math": that of the file without ".json". */
    public String label() {
        return label;
    }

    /** Whether a case is a transcript that a client follows. */
    public boolean isPassiveClient() {
        return marks.contains("initial_epoch_authenticator");
    }

    /** Whether a case is about one cipher suite, which it has to name. */
    public boolean hasSuite() {
        return this != TREE_MATH && this != DESERIALIZATION && this != MESSAGES;
    }

    /** The kind of this name, if there is one. */
    public static Optional<VectorKind> named(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    /**
     * The kind of a case by its fields.
     *
     * @param hint the name of the file, which tells kinds apart that have the same fields
     * @return empty if it is none of these kinds
     */
    static Optional<VectorKind> of(JsonNode object, String hint) {
        List<VectorKind> matching = Arrays.stream(values())
                .filter(kind -> kind.marks.stream().allMatch(object::has))
                .toList();
        return matching.stream()
                .filter(kind -> hint.contains(kind.label))
                .findFirst()
                .or(() -> matching.stream()
                        .filter(VectorKind::isPassiveClient)
                        .findFirst()
                        .map(kind -> ofHistory(object)))
                .or(() -> matching.stream().findFirst());
    }

    private static VectorKind ofHistory(JsonNode object) {
        int epochs = object.path("epochs").size();
        return epochs == 0
                ? PASSIVE_CLIENT_WELCOME
                : epochs < LONG_HISTORY ? PASSIVE_CLIENT_HANDLING_COMMIT : PASSIVE_CLIENT_RANDOM;
    }

    @Override
    public String toString() {
        return label;
    }
}
