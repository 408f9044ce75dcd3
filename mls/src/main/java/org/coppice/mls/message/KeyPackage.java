package org.coppice.mls.message;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafNode;

/**
 * What a client publishes so that others can add it while it is offline (RFC 9420 §10).
 *
 * <p>The encoding is kept, because it is hashed and signed. Immutable; equal by encoding. Decoding checks nothing but the form.
 */
public final class KeyPackage implements Encodable {
    private static final String LABEL = "KeyPackageTBS";
    private static final String REF_LABEL = "MLS 1.0 KeyPackage Reference";

    private final Bytes encoding;
    private final int signedLength;
    private final ProtocolVersion version;
    private final CipherSuite cipherSuite;
    private final HpkePublicKey initKey;
    private final LeafNode leafNode;
    private final Extensions extensions;
    private final Bytes signature;

    private KeyPackage(TlsReader in) throws DecodeException {
        int start = in.mark();
        version = ProtocolVersion.decode(in);
        cipherSuite = CipherSuite.decode(in);
        initKey = HpkePublicKey.decode(in);
        leafNode = LeafNode.decode(in);
        extensions = Extensions.decode(in);
        signedLength = in.since(start).length();
        signature = in.vector();
        encoding = in.since(start);
    }

    /** Reads {@code KeyPackage}. */
    public static KeyPackage decode(TlsReader in) throws DecodeException {
        return new KeyPackage(in);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.raw(encoding);
    }

    /**
     * Makes and signs a key package (label "KeyPackageTBS").
     *
     * @throws CryptoException if the signer does not perform the operation
     */
    public static KeyPackage sign(
            HpkePublicKey initKey, LeafNode leafNode, Extensions extensions, SuiteCrypto crypto, Signer signer)
            throws CryptoException {
        TlsWriter out = new TlsWriter();
        out.struct(ProtocolVersion.MLS10)
                .struct(crypto.suite())
                .struct(initKey)
                .struct(leafNode)
                .struct(extensions);
        Bytes signature = crypto.signWithLabel(signer, LABEL, out.toBytes());
        Decoder<KeyPackage> decoder = KeyPackage::decode;
        try {
            return decoder.decodeAll(out.vector(signature).toBytes(), DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new AssertionError("just encoded", e);
        }
    }

    /** Whether the signature verifies with the leaf's signature key (RFC 9420 §10.1). */
    public boolean verifySignature(SuiteCrypto crypto) {
        return crypto.verifyWithLabel(leafNode.signatureKey(), LABEL, encoding.slice(0, signedLength), signature);
    }

    /**
     * The KeyPackageRef (RFC 9420 §5.2).
     *
     * @param crypto of this package's own cipher suite
     */
    public Bytes ref(SuiteCrypto crypto) {
        return crypto.refHash(REF_LABEL, encoding);
    }

    /** The protocol version that the client wants to use. */
    public ProtocolVersion version() {
        return version;
    }

    /** The cipher suite that the client wants to use. */
    public CipherSuite cipherSuite() {
        return cipherSuite;
    }

    /** The key that a Welcome's secrets are encrypted to. */
    public HpkePublicKey initKey() {
        return initKey;
    }

    /** The leaf that will stand in the tree. */
    public LeafNode leafNode() {
        return leafNode;
    }

    /** The extensions of the key package. */
    public Extensions extensions() {
        return extensions;
    }

    /** The signature over all the rest. */
    public Bytes signature() {
        return signature;
    }

    /** Whether the client allows this package to be used more than once. */
    public boolean isLastResort() {
        return extensions.contains(ExtensionType.LAST_RESORT);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof KeyPackage other && encoding.equals(other.encoding);
    }

    @Override
    public int hashCode() {
        return encoding.hashCode();
    }

    @Override
    public String toString() {
        return "KeyPackage[" + cipherSuite + ", initKey=" + initKey.data() + "]";
    }
}
