package org.coppice.mls.tree;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;

/**
 * A member's leaf (RFC 9420 §7.2): its keys, credential and capabilities, signed by itself.
 *
 * <p>The encoding is kept and the byte fields are slices of it, so that a leaf costs little more than its bytes and is hashed
 * and signed exactly as it was received. Immutable; equal by encoding.
 */
public final class LeafNode implements Encodable {
    private static final String LABEL = "LeafNodeTBS";

    private final Bytes encoding;
    private final int signedLength;
    private final HpkePublicKey encryptionKey;
    private final SignaturePublicKey signatureKey;
    private final Credential credential;
    private final Capabilities capabilities;
    private final LeafNodeSource source;
    private final Extensions extensions;
    private final Bytes signature;

    private LeafNode(TlsReader in) throws DecodeException {
        int start = in.mark();
        encryptionKey = HpkePublicKey.decode(in);
        signatureKey = SignaturePublicKey.decode(in);
        credential = Credential.decode(in);
        capabilities = Capabilities.decode(in);
        source = LeafNodeSource.decode(in);
        extensions = Extensions.decode(in);
        signedLength = in.since(start).length();
        signature = in.vector();
        encoding = in.since(start);
    }

    /** Reads {@code LeafNode}. Nothing but the form is checked. */
    public static LeafNode decode(TlsReader in) throws DecodeException {
        return new LeafNode(in);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.raw(encoding);
    }

    /**
     * What a client puts into its leaf; the rest depends on where the leaf goes.
     *
     * @param signatureKey verifies what the client signs
     * @param credential its credential
     * @param capabilities what it supports
     * @param extensions extensions of the leaf
     */
    public record Content(
            SignaturePublicKey signatureKey, Credential credential, Capabilities capabilities, Extensions extensions) {
        /** Checks that nothing is missing. */
        public Content {
            Objects.requireNonNull(signatureKey, "signatureKey");
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(capabilities, "capabilities");
            Objects.requireNonNull(extensions, "extensions");
        }
    }

    /**
     * The place that the signature of a leaf of source update or commit covers (RFC 9420 §7.2).
     *
     * @param groupId the group
     * @param leafIndex the leaf's index in it
     */
    public record Position(Bytes groupId, LeafIndex leafIndex) {
        /** Checks that nothing is missing. */
        public Position {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(leafIndex, "leafIndex");
        }
    }

    /**
     * Makes and signs a leaf (label "LeafNodeTBS").
     *
     * @param position where the leaf goes; ignored for a leaf of a KeyPackage, and may then be null
     * @throws CryptoException if the signer does not perform the operation
     */
    public static LeafNode sign(
            Content content,
            HpkePublicKey encryptionKey,
            LeafNodeSource source,
            Position position,
            SuiteCrypto crypto,
            Signer signer)
            throws CryptoException {
        TlsWriter out = new TlsWriter();
        out.struct(encryptionKey)
                .struct(content.signatureKey())
                .struct(content.credential())
                .struct(content.capabilities())
                .struct(source)
                .struct(content.extensions());
        Bytes signature = crypto.signWithLabel(signer, LABEL, toBeSigned(out.toBytes(), source, position));
        Decoder<LeafNode> decoder = LeafNode::decode;
        try {
            return decoder.decodeAll(out.vector(signature).toBytes(), DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new AssertionError("just encoded", e);
        }
    }

    /**
     * Whether the signature verifies with the leaf's own signature key (RFC 9420 §7.3).
     *
     * @param position where the leaf stands; ignored for a leaf of a KeyPackage, and may then be null
     */
    public boolean verifySignature(Position position, SuiteCrypto crypto) {
        Bytes content = toBeSigned(encoding.slice(0, signedLength), source, position);
        return crypto.verifyWithLabel(signatureKey, LABEL, content, signature);
    }

    /** LeafNodeTBS: the leaf without its signature, then the position if the source binds it. */
    private static Bytes toBeSigned(Bytes unsigned, LeafNodeSource source, Position position) {
        if (!source.bindsPosition()) {
            return unsigned;
        }
        TlsWriter out = new TlsWriter(unsigned.length() + position.groupId().length() + 8);
        return out.raw(unsigned)
                .vector(position.groupId())
                .struct(position.leafIndex())
                .toBytes();
    }

    /** The key that path secrets are encrypted to. */
    public HpkePublicKey encryptionKey() {
        return encryptionKey;
    }

    /** The key that verifies what this member signs. */
    public SignaturePublicKey signatureKey() {
        return signatureKey;
    }

    /** Who the member is. */
    public Credential credential() {
        return credential;
    }

    /** What the member supports. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Where the leaf was made for. */
    public LeafNodeSource source() {
        return source;
    }

    /** The extensions of the leaf. */
    public Extensions extensions() {
        return extensions;
    }

    /** The signature over all the rest. */
    public Bytes signature() {
        return signature;
    }

    /** The whole encoding. */
    public Bytes encoding() {
        return encoding;
    }

    /** The parts that stay the same when the keys change. */
    public Content content() {
        return new Content(signatureKey, credential, capabilities, extensions);
    }

    /** The same leaf in an array of its own, so that the message it came in need not be kept. */
    public LeafNode compact() {
        Bytes own = encoding.compact();
        if (own == encoding) {
            return this;
        }
        Decoder<LeafNode> decoder = LeafNode::decode;
        try {
            return decoder.decodeAll(own, new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE));
        } catch (DecodeException e) {
            throw new AssertionError("was decoded before", e);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof LeafNode other && encoding.equals(other.encoding);
    }

    @Override
    public int hashCode() {
        return encoding.hashCode();
    }

    @Override
    public String toString() {
        return "LeafNode[encryptionKey=" + encryptionKey.data() + ", credential=" + credential.type() + ", source="
                + source + "]";
    }
}
