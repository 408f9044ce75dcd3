package org.coppice.cli.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.coppice.cli.inspect.Walker.Part;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.UpdatePath;

/**
 * The objects that can be inspected. The order is that of preference: where bytes can be read as several kinds, the first is
 * taken.
 */
enum ObjectKind {
    MLS_MESSAGE("MLSMessage", "6", MessageStructures.MLS_MESSAGE, MlsMessage::decode),
    KEY_PACKAGE("KeyPackage", "10", GroupStructures.KEY_PACKAGE, KeyPackage::decode),
    GROUP_INFO("GroupInfo", "12.4.3", GroupStructures.GROUP_INFO, GroupInfo::decode),
    WELCOME("Welcome", "12.4.3.1", GroupStructures.WELCOME, Welcome::decode),
    RATCHET_TREE("ratchet_tree", "12.4.3.3", NodeStructures.RATCHET_TREE, null),
    AUTHENTICATED_CONTENT(
            "AuthenticatedContent", "6", MessageStructures.AUTHENTICATED_CONTENT, AuthenticatedContent::decode),
    LEAF_NODE("LeafNode", "7.2", NodeStructures.LEAF_NODE, LeafNode::decode),
    GROUP_CONTEXT("GroupContext", "8.1", GroupStructures.GROUP_CONTEXT, GroupContext::decode),
    PUBLIC_MESSAGE("PublicMessage", "6.2", MessageStructures.PUBLIC_MESSAGE, PublicMessage::decode),
    PRIVATE_MESSAGE("PrivateMessage", "6.3", MessageStructures.PRIVATE_MESSAGE, PrivateMessage::decode),
    PROPOSAL("Proposal", "12.1", GroupStructures.PROPOSAL, Proposal::decode),
    COMMIT("Commit", "12.4", GroupStructures.COMMIT, Commit::decode),
    UPDATE_PATH("UpdatePath", "7.6", NodeStructures.UPDATE_PATH, UpdatePath::decode),
    GROUP_SECRETS("GroupSecrets", "12.4.3.1", GroupStructures.GROUP_SECRETS, null) {
        @Override
        void decode(Bytes input) throws DecodeException {
            GroupSecrets.decode(input).close();
        }
    },
    PARENT_NODE("ParentNode", "7.1", NodeStructures.PARENT_NODE, ParentNode::decode),
    PRE_SHARED_KEY_ID("PreSharedKeyID", "8.4", GroupStructures.PRE_SHARED_KEY_ID, PreSharedKeyId::decode),
    CREDENTIAL("Credential", "5.3", NodeStructures.CREDENTIAL, Credential::decode),
    EXTENSIONS("Extensions", "13.4", ExtensionStructures.EXTENSIONS, Extensions::decode),
    CAPABILITIES("Capabilities", "7.2", NodeStructures.CAPABILITIES, Capabilities::decode),
    REQUIRED_CAPABILITIES(
            "RequiredCapabilities", "11.1", ExtensionStructures.REQUIRED_CAPABILITIES, RequiredCapabilities::decode),
    EXTERNAL_SENDERS("ExternalSenders", "12.1.8.1", ExtensionStructures.EXTERNAL_SENDERS, null),
    HPKE_CIPHERTEXT("HPKECiphertext", "7.6", NodeStructures.HPKE_CIPHERTEXT, HpkeCiphertext::decode),
    SENDER_DATA("SenderData", "6.3.2", MessageStructures.SENDER_DATA, null),
    ADD("Add", "12.1.1", GroupStructures.body(1), null),
    UPDATE("Update", "12.1.2", GroupStructures.body(2), null),
    REMOVE("Remove", "12.1.3", GroupStructures.body(3), null),
    PRE_SHARED_KEY("PreSharedKey", "12.1.4", GroupStructures.body(4), null),
    REINIT("ReInit", "12.1.5", GroupStructures.body(5), null),
    EXTERNAL_INIT("ExternalInit", "12.1.6", GroupStructures.body(6), null),
    GROUP_CONTEXT_EXTENSIONS("GroupContextExtensions", "12.1.7", GroupStructures.body(7), null);

    private final String type;
    private final String section;
    private final Part part;
    /** The library's own decoder, which knows rules beyond the form; null where it has none of its own. */
    private final Decoder<?> decoder;

    ObjectKind(String type, String section, Part part, Decoder<?> decoder) {
        this.type = type;
        this.section = section;
        this.part = part;
        this.decoder = decoder;
    }

    /** The name of RFC 9420. */
    String type() {
        return type;
    }

    /** Whether bytes are so characteristic of this kind that it can be found out. Bodies and tiny structures are not. */
    private boolean isGuessed() {
        return compareTo(EXTERNAL_SENDERS) < 0;
    }

    /** The kind of this name, whatever its case, with or without separators. */
    static Optional<ObjectKind> named(String name) {
        String plain = plain(name);
        return Arrays.stream(values())
                .filter(kind -> plain(kind.type).equals(plain))
                .findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(" ", "");
    }

    /** All names. */
    static List<String> names() {
        return Arrays.stream(values()).map(ObjectKind::type).toList();
    }

    /** Reads {@code input} as an object of this kind. */
    Walker.Walk walk(Bytes input) {
        Walker.Walk walk = Walker.walk(input, type, section, part);
        if (!walk.isComplete()) {
            return walk;
        }
        try {
            decode(input);
            return walk;
        } catch (DecodeException e) {
            // The form is right, but a rule is broken that only the library's decoder knows.
            return new Walker.Walk(walk.root(), e, "", true, walk.strangers());
        }
    }

    void decode(Bytes input) throws DecodeException {
        if (decoder != null) {
            decoder.decodeAll(input, DecodeLimits.DEFAULT);
        }
    }

    /**
     * A kind with what reading it gave.
     *
     * @param kind the kind
     * @param walk what was read
     * @param others further kinds that the bytes could be
     */
    record Guess(ObjectKind kind, Walker.Walk walk, List<ObjectKind> others) {
        private boolean isBetterThan(Guess other) {
            int order = Integer.compare(rank(), other.rank());
            if (order != 0) {
                return order > 0;
            }
            if (walk.strangers() != other.walk.strangers()) {
                return walk.strangers() < other.walk.strangers();
            }
            return !walk.isComplete()
                    && walk.fault().offset() > other.walk.fault().offset();
        }

        private int rank() {
            return walk.isComplete() ? 2 : walk.hasForm() ? 1 : 0;
        }
    }

    /**
     * Finds out what {@code input} is: the kind that reads it to its end, else the one that gets furthest; in both cases with
     * the fewest unknown code points.
     */
    static Guess guess(Bytes input) {
        Guess best = null;
        List<ObjectKind> others = new ArrayList<>();
        for (ObjectKind kind : values()) {
            if (!kind.isGuessed()) {
                continue;
            }
            Guess next = new Guess(kind, kind.walk(input), others);
            if (best == null || next.isBetterThan(best)) {
                if (best != null && best.walk.isComplete()) {
                    others.add(best.kind);
                }
                best = next;
            } else if (next.walk.isComplete() && next.walk.strangers() == 0) {
                others.add(kind);
            }
        }
        return best;
    }
}
