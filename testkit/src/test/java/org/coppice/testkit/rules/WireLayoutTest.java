package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.UpdatePath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bytes of the structures of the tree and of the GroupContext, written out by hand (RFC 9420 §7, §8.1). */
class WireLayoutTest {
    private static final Bytes GROUP_ID = Bytes.fromHex("6070");
    private static final Capabilities CAPABILITIES = new Capabilities(
            List.of(ProtocolVersion.MLS10),
            List.of(new CipherSuite(1), new CipherSuite(0x0a0a)),
            List.of(new ExtensionType(0xf001)),
            List.of(new ProposalType(0xf002), new ProposalType(0xf003)),
            List.of(CredentialType.BASIC));
    private static final String CAPABILITIES_HEX = "020001" + "0400010a0a" + "02f001" + "04f002f003" + "020001";

    private final SuiteCrypto crypto;
    private final SignatureKeyPair signature;

    WireLayoutTest() throws MlsException {
        crypto = SuiteCrypto.of(new CipherSuite(1), CryptoProviders.best(), Randomness.system());
        signature = crypto.generateSignatureKeyPair();
    }

    private static String hex(org.coppice.mls.codec.Encodable value) {
        return Bytes.wrap(value.encoded()).toHex();
    }

    private static HpkePublicKey key(String hex) {
        return new HpkePublicKey(Bytes.fromHex(hex));
    }

    @Test
    @Tag("R-7.1-01")
    void parentNode() {
        ParentNode parent =
                new ParentNode(key("aabb"), Bytes.fromHex("cc"), List.of(new LeafIndex(1), new LeafIndex(0x01020304)));
        assertThat(hex(parent)).isEqualTo("02aabb" + "01cc" + "08" + "00000001" + "01020304");
        assertThat(hex(new ParentNode(key("aabb"), Bytes.EMPTY, List.of()))).isEqualTo("02aabb" + "00" + "00");
    }

    @Test
    @Tag("R-7.2-02")
    @Tag("R-7.2-11")
    void capabilitiesAndLifetime() {
        assertThat(hex(CAPABILITIES)).isEqualTo(CAPABILITIES_HEX);
        assertThat(hex(new Lifetime(0x0102, 0x65ffffffffL))).isEqualTo("0000000000000102" + "00000065ffffffff");
    }

    @Test
    @Tag("R-7.2-01")
    @Tag("R-7.2-15")
    void leafNodeOfEachSourceAndWhatIsSigned() throws MlsException {
        check(new LeafNodeSource.KeyPackage(new Lifetime(1, 2)), "01" + "0000000000000001" + "0000000000000002", false);
        check(new LeafNodeSource.Update(), "02", true);
        check(new LeafNodeSource.Commit(Bytes.fromHex("dd")), "03" + "01dd", true);
    }

    private void check(LeafNodeSource source, String sourceHex, boolean bindsPlace) throws MlsException {
        HpkePublicKey encryptionKey = crypto.generateHpkeKeyPair().publicKey();
        LeafNode leaf = LeafNode.sign(
                new LeafNode.Content(
                        signature.publicKey(),
                        Credential.basic(Bytes.fromHex("616c")),
                        CAPABILITIES,
                        Extensions.of(new Extension(new ExtensionType(0xf001), Bytes.fromHex("ee")))),
                encryptionKey,
                source,
                new LeafNode.Position(GROUP_ID, new LeafIndex(5)),
                crypto,
                crypto.signer(signature));
        String unsigned = "20" + encryptionKey.data().toHex()
                + "20" + signature.publicKey().data().toHex()
                + "0001" + "02616c"
                + CAPABILITIES_HEX
                + sourceHex
                + "04" + "f001" + "01ee";
        assertThat(hex(leaf)).isEqualTo(unsigned + "4040" + leaf.signature().toHex());
        String tbs = bindsPlace ? unsigned + "026070" + "00000005" : unsigned;
        assertThat(crypto.verifyWithLabel(signature.publicKey(), "LeafNodeTBS", Bytes.fromHex(tbs), leaf.signature()))
                .isTrue();
    }

    @Test
    @Tag("R-7.6-01")
    void updatePath() throws MlsException {
        LeafNode leaf = LeafNode.sign(
                new LeafNode.Content(
                        signature.publicKey(), Credential.basic(Bytes.EMPTY), CAPABILITIES, Extensions.EMPTY),
                key("aabb"),
                new LeafNodeSource.Update(),
                new LeafNode.Position(GROUP_ID, new LeafIndex(0)),
                crypto,
                crypto.signer(signature));
        HpkeCiphertext ciphertext = new HpkeCiphertext(Bytes.fromHex("11"), Bytes.fromHex("2222"));
        UpdatePath path = new UpdatePath(
                leaf,
                List.of(
                        new UpdatePath.Node(key("bb"), List.of(ciphertext, ciphertext)),
                        new UpdatePath.Node(key("cc"), List.of())));
        assertThat(hex(path)).isEqualTo(hex(leaf) + "10" + "01bb" + "0a" + "0111022222" + "0111022222" + "01cc" + "00");
    }

    @Test
    @Tag("R-8.1-01")
    @Tag("R-8.1-06")
    void groupContext() {
        GroupContext context = new GroupContext(
                ProtocolVersion.MLS10,
                new CipherSuite(2),
                GROUP_ID,
                0x0102,
                Bytes.fromHex("aa"),
                Bytes.fromHex("bbbb"),
                Extensions.of(
                        new Extension(new ExtensionType(0xf002), Bytes.EMPTY),
                        new Extension(new ExtensionType(0xf001), Bytes.fromHex("01"))));
        String expected =
                "0001" + "0002" + "026070" + "0000000000000102" + "01aa" + "02bbbb" + "07" + "f00200" + "f0010101";
        assertThat(hex(context)).isEqualTo(expected);
        assertThat(new TlsWriter().struct(context).toBytes()).isEqualTo(Bytes.fromHex(expected));
    }
}
