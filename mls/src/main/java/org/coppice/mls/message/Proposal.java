package org.coppice.mls.message;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;

/** A change that someone proposes and a Commit carries out (RFC 9420 §12.1). */
public sealed interface Proposal extends Encodable {
    /** The type, which follows from the arm. */
    ProposalType type();

    /** Appends the body, without the type. */
    void encodeBodyTo(TlsWriter out);

    @Override
    default void encodeTo(TlsWriter out) {
        out.struct(type());
        encodeBodyTo(out);
    }

    /** Reads {@code Proposal}. */
    static Proposal decode(TlsReader in) throws DecodeException {
        ProposalType type = ProposalType.decode(in);
        return switch (type.value()) {
            case 1 -> new Add(KeyPackage.decode(in));
            case 2 -> new Update(LeafNode.decode(in));
            case 3 -> new Remove(LeafIndex.decode(in));
            case 4 -> new PreSharedKey(PreSharedKeyId.decode(in));
            case 5 ->
                new ReInit(in.vector(), ProtocolVersion.decode(in), CipherSuite.decode(in), Extensions.decode(in));
            case 6 -> new ExternalInit(in.vector());
            case 7 -> new GroupContextExtensions(Extensions.decode(in));
            default -> new Custom(type, in.vector());
        };
    }

    /**
     * Adds a client (§12.1.1).
     *
     * @param keyPackage the client's key package
     */
    record Add(KeyPackage keyPackage) implements Proposal {
        /** Checks that nothing is missing. */
        public Add {
            Objects.requireNonNull(keyPackage, "keyPackage");
        }

        @Override
        public ProposalType type() {
            return ProposalType.ADD;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.struct(keyPackage);
        }
    }

    /**
     * Replaces the sender's leaf (§12.1.2).
     *
     * @param leafNode the new leaf, of source update
     */
    record Update(LeafNode leafNode) implements Proposal {
        /** Checks that nothing is missing. */
        public Update {
            Objects.requireNonNull(leafNode, "leafNode");
        }

        @Override
        public ProposalType type() {
            return ProposalType.UPDATE;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.struct(leafNode);
        }
    }

    /**
     * Removes a member (§12.1.3).
     *
     * @param removed its leaf
     */
    record Remove(LeafIndex removed) implements Proposal {
        /** Checks that nothing is missing. */
        public Remove {
            Objects.requireNonNull(removed, "removed");
        }

        @Override
        public ProposalType type() {
            return ProposalType.REMOVE;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.struct(removed);
        }
    }

    /**
     * Mixes a pre-shared key into the key schedule (§12.1.4).
     *
     * @param psk names the key
     */
    record PreSharedKey(PreSharedKeyId psk) implements Proposal {
        /** Checks that nothing is missing. */
        public PreSharedKey {
            Objects.requireNonNull(psk, "psk");
        }

        @Override
        public ProposalType type() {
            return ProposalType.PSK;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.struct(psk);
        }
    }

    /**
     * Ends the group in favour of a new one with other parameters (§12.1.5).
     *
     * @param groupId the id of the new group
     * @param version its protocol version
     * @param cipherSuite its cipher suite
     * @param extensions its extensions
     */
    record ReInit(Bytes groupId, ProtocolVersion version, CipherSuite cipherSuite, Extensions extensions)
            implements Proposal {
        /** Checks that nothing is missing. */
        public ReInit {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(cipherSuite, "cipherSuite");
            Objects.requireNonNull(extensions, "extensions");
        }

        @Override
        public ProposalType type() {
            return ProposalType.REINIT;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.vector(groupId).struct(version).struct(cipherSuite).struct(extensions);
        }
    }

    /**
     * Carries what an external joiner replaces the init secret by (§12.1.6).
     *
     * @param kemOutput the encapsulated key
     */
    record ExternalInit(Bytes kemOutput) implements Proposal {
        /** Checks that nothing is missing. */
        public ExternalInit {
            Objects.requireNonNull(kemOutput, "kemOutput");
        }

        @Override
        public ProposalType type() {
            return ProposalType.EXTERNAL_INIT;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.vector(kemOutput);
        }
    }

    /**
     * Replaces all extensions of the group (§12.1.7).
     *
     * @param extensions the new ones
     */
    record GroupContextExtensions(Extensions extensions) implements Proposal {
        /** Checks that nothing is missing. */
        public GroupContextExtensions {
            Objects.requireNonNull(extensions, "extensions");
        }

        @Override
        public ProposalType type() {
            return ProposalType.GROUP_CONTEXT_EXTENSIONS;
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.struct(extensions);
        }
    }

    /**
     * A proposal of a type that RFC 9420 does not define. It leaves the body open; here it is one {@code opaque<V>}, as in
     * other implementations.
     *
     * @param type a type other than the defaults
     * @param data the body
     */
    record Custom(ProposalType type, Bytes data) implements Proposal {
        /** Checks that the type is not one with an arm of its own. */
        public Custom {
            Objects.requireNonNull(data, "data");
            if (type.isDefault()) {
                throw new IllegalArgumentException("proposal type " + type + " has a record of its own");
            }
        }

        @Override
        public void encodeBodyTo(TlsWriter out) {
            out.vector(data);
        }

        /** Without the body, which a PrivateMessage keeps from everybody else. */
        @Override
        public String toString() {
            return "Custom[" + type + ", " + data.length() + " bytes]";
        }
    }
}
