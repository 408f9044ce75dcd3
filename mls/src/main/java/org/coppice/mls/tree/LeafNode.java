package org.coppice.mls.tree;

import java.util.Arrays;
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
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.CredentialType;

/**
 * A member's leaf (RFC 9420 §7.2): its keys, credential and capabilities, signed by itself.
 *
 * <p>Nothing but the encoding is kept, in an array of its own: a leaf costs little more than its bytes, and is hashed and signed
 * exactly as it was received. Keys and signature are found in it at once; {@link #credential()}, {@link #capabilities()} and
 * {@link #extensions()} are decoded at each call. Immutable; equal by encoding.
 */
public final class LeafNode implements Encodable, Subtree {
    private static final String LABEL = "LeafNodeTBS";
    private static final DecodeLimits NO_LIMITS = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE);

    // V(encryption_key) V(signature_key) u16 V(credential) 5 V(capabilities) u8 source.. V(extensions) V(signature)
    private final byte[] encoding;

    private LeafNode(byte[] encoding) {
        this.encoding = encoding;
    }

    /** Reads {@code LeafNode}. Nothing but the form is checked. */
    public static LeafNode decode(TlsReader in) throws DecodeException {
        int start = in.mark();
        in.vector();
        in.vector();
        Credential.decode(in);
        Capabilities.check(in);
        LeafNodeSource.decode(in);
        Extensions.decode(in);
        in.vector();
        return new LeafNode(in.since(start).toByteArray());
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
     * @throws IllegalArgumentException if the signer has another public key than {@code content}
     */
    public static LeafNode sign(
            Content content,
            HpkePublicKey encryptionKey,
            LeafNodeSource source,
            Position position,
            SuiteCrypto crypto,
            Signer signer)
            throws CryptoException {
        if (!signer.publicKey().equals(content.signatureKey())) {
            throw new IllegalArgumentException("the signer is not the one whose key the leaf holds");
        }
        TlsWriter out = new TlsWriter();
        out.struct(encryptionKey)
                .struct(content.signatureKey())
                .struct(content.credential())
                .struct(content.capabilities())
                .struct(source)
                .struct(content.extensions());
        Bytes signature = crypto.signWithLabel(signer, LABEL, toBeSigned(out.toBytes(), source, position));
        return new LeafNode(out.vector(signature).toByteArray());
    }

    /**
     * Whether the signature verifies with the leaf's own signature key (RFC 9420 §7.3).
     *
     * @param position where the leaf stands; ignored for a leaf of a KeyPackage, and may then be null
     */
    public boolean verifySignature(Position position, SuiteCrypto crypto) {
        Bytes content = toBeSigned(encoding().slice(0, signatureAt()), source(), position);
        return crypto.verifyWithLabel(signatureKey(), LABEL, content, signature());
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
        return new HpkePublicKey(Slices.vector(encoding, 0));
    }

    /** The key that verifies what this member signs. */
    public SignaturePublicKey signatureKey() {
        return new SignaturePublicKey(Slices.vector(encoding, skip(0, 1)));
    }

    /** Who the member is. */
    public Credential credential() {
        return decodeAt(credentialAt(), Credential::decode);
    }

    /** The type of {@link #credential()}. */
    public CredentialType credentialType() {
        return decodeAt(credentialAt(), CredentialType::decode);
    }

    /** What the member supports. */
    public Capabilities capabilities() {
        return decodeAt(capabilitiesAt(), Capabilities::decode);
    }

    /** Where the leaf was made for. */
    public LeafNodeSource source() {
        return decodeAt(sourceAt(), LeafNodeSource::decode);
    }

    /** The extensions of the leaf. */
    public Extensions extensions() {
        return decodeAt(extensionsAt(), Extensions::decode);
    }

    /** The signature over all the rest. */
    public Bytes signature() {
        return Slices.vector(encoding, signatureAt());
    }

    /** The whole encoding. */
    public Bytes encoding() {
        return Bytes.wrap(encoding);
    }

    /** The parts that stay the same when the keys change. */
    public Content content() {
        return new Content(signatureKey(), credential(), capabilities(), extensions());
    }

    /** This leaf, which never shares the array of the message that it came in. */
    public LeafNode compact() {
        return this;
    }

    /** One of the five lists of {@link #capabilities()}, in their order, as the bytes of its uint16 values. */
    Bytes capabilityList(int list) {
        return Slices.vector(encoding, skip(capabilitiesAt(), list));
    }

    /** Whether another leaf lists the same capabilities in the same order, and has a credential of the same type. */
    boolean supportsSameAs(LeafNode other) {
        return capabilitiesBytes().equals(other.capabilitiesBytes())
                && credentialType().equals(other.credentialType());
    }

    private Bytes capabilitiesBytes() {
        int at = capabilitiesAt();
        return encoding().slice(at, sourceAt() - at);
    }

    private int credentialAt() {
        return skip(0, 2);
    }

    private int capabilitiesAt() {
        return skip(credentialAt() + 2, 1);
    }

    private int sourceAt() {
        return skip(capabilitiesAt(), 5);
    }

    private int extensionsAt() {
        int at = sourceAt();
        return switch (encoding[at]) {
            case 1 -> at + 1 + 16;
            case 2 -> at + 1;
            default -> skip(at + 1, 1);
        };
    }

    private int signatureAt() {
        return skip(extensionsAt(), 1);
    }

    private int skip(int at, int vectors) {
        int out = at;
        for (int i = 0; i < vectors; i++) {
            out = Slices.endOf(encoding, out);
        }
        return out;
    }

    private <T> T decodeAt(int at, Decoder<T> decoder) {
        try {
            return decoder.decode(new TlsReader(encoding().slice(at, encoding.length - at), NO_LIMITS));
        } catch (DecodeException e) {
            throw new AssertionError("was decoded or encoded here before", e);
        }
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof LeafNode other && Arrays.equals(encoding, other.encoding);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoding);
    }

    @Override
    public String toString() {
        return "LeafNode[encryptionKey=" + encryptionKey().data() + ", credential=" + credentialType() + ", source="
                + source() + "]";
    }
}
