package org.coppice.testkit.forge;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;

/**
 * Makes key packages with any content: each is signed rightly, leaf and package, so that only the part under test is wrong. A
 * value; each wither gives a changed copy.
 *
 * @param client whose credential, capabilities and signature key are used
 * @param version the protocol version that it names
 * @param suite the cipher suite that it names
 * @param initKey its init_key
 * @param leafKey the encryption_key of its leaf
 * @param content the rest of its leaf
 * @param source the source of its leaf; not one that is signed for a position
 * @param extensions its extensions
 */
public record KeyPackageForge(
        MlsClient client,
        ProtocolVersion version,
        CipherSuite suite,
        HpkePublicKey initKey,
        HpkePublicKey leafKey,
        LeafNode.Content content,
        LeafNodeSource source,
        Extensions extensions) {
    /** A good key package of {@code client}, whose private keys nobody has. */
    public static KeyPackageForge of(MlsClient client) {
        SuiteCrypto crypto = client.crypto();
        Lifetime lifetime =
                Lifetime.around(client.environment().clock().instant(), Duration.ofHours(1), Duration.ofDays(30));
        return new KeyPackageForge(
                client,
                ProtocolVersion.MLS10,
                crypto.suite(),
                crypto.generateHpkeKeyPair().publicKey(),
                crypto.generateHpkeKeyPair().publicKey(),
                new LeafNode.Content(
                        client.signer().publicKey(), client.credential(), client.capabilities(), Extensions.EMPTY),
                new LeafNodeSource.KeyPackage(lifetime),
                Extensions.EMPTY);
    }

    /** With another version. */
    public KeyPackageForge withVersion(ProtocolVersion value) {
        return new KeyPackageForge(client, value, suite, initKey, leafKey, content, source, extensions);
    }

    /** With the number of another suite, though keys and signatures stay those of the client's. */
    public KeyPackageForge withSuite(CipherSuite value) {
        return new KeyPackageForge(client, version, value, initKey, leafKey, content, source, extensions);
    }

    /** With another init_key. */
    public KeyPackageForge withInitKey(HpkePublicKey value) {
        return new KeyPackageForge(client, version, suite, value, leafKey, content, source, extensions);
    }

    /** With another encryption_key in the leaf. */
    public KeyPackageForge withLeafKey(HpkePublicKey value) {
        return new KeyPackageForge(client, version, suite, initKey, value, content, source, extensions);
    }

    /** With other content of the leaf. */
    public KeyPackageForge withContent(UnaryOperator<LeafNode.Content> change) {
        return new KeyPackageForge(client, version, suite, initKey, leafKey, change.apply(content), source, extensions);
    }

    /** With a leaf of another source. */
    public KeyPackageForge withSource(LeafNodeSource value) {
        return new KeyPackageForge(client, version, suite, initKey, leafKey, content, value, extensions);
    }

    /** With other extensions, which the leaf's capabilities do not list by themselves. */
    public KeyPackageForge withExtensions(Extensions value) {
        return new KeyPackageForge(client, version, suite, initKey, leafKey, content, source, value);
    }

    /** The leaf. */
    public LeafNode leaf() throws MlsException {
        return leafSignedBy(client.signer());
    }

    private LeafNode leafSignedBy(Signer signer) throws MlsException {
        LeafNode.Position position =
                source.bindsPosition() ? new LeafNode.Position(Bytes.EMPTY, new LeafIndex(0)) : null;
        return LeafNode.sign(content, leafKey, source, position, client.crypto(), signer);
    }

    /** The key package. */
    public KeyPackage make() throws MlsException {
        return sign(leaf(), client.signer());
    }

    /** The key package with the last bit of its signature turned. */
    public KeyPackage makeWithBadSignature() throws MlsException {
        return decode(turnLastBit(make().encoded()));
    }

    /** The key package around a leaf with the last bit of its signature turned. */
    public KeyPackage makeWithBadLeafSignature() throws MlsException {
        Decoder<LeafNode> decoder = LeafNode::decode;
        LeafNode bad = decoder.decodeAll(Bytes.wrap(turnLastBit(leaf().encoded())), DecodeLimits.DEFAULT);
        return sign(bad, client.signer());
    }

    /** The key package signed by another than its leaf. */
    public KeyPackage makeSignedBy(Signer signer) throws MlsException {
        return sign(leaf(), signer);
    }

    private KeyPackage sign(LeafNode leaf, Signer signer) throws MlsException {
        TlsWriter out = new TlsWriter();
        out.struct(version).struct(suite).struct(initKey).struct(leaf).struct(extensions);
        Bytes signature = client.crypto().signWithLabel(signer, "KeyPackageTBS", out.toBytes());
        return decode(out.vector(signature).toByteArray());
    }

    private static byte[] turnLastBit(byte[] bytes) {
        bytes[bytes.length - 1] ^= 1;
        return bytes;
    }

    private static KeyPackage decode(byte[] bytes) throws MlsException {
        Decoder<KeyPackage> decoder = KeyPackage::decode;
        return decoder.decodeAll(Bytes.wrap(bytes), DecodeLimits.DEFAULT);
    }
}
