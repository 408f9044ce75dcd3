package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.coppice.mls.tree.TreeFixture.assertDecodeRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.leaves;
import static org.coppice.mls.tree.TreeFixture.reader;

import java.util.List;
import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The structures of single nodes, minimal and full, and what is wrong with malformed ones. */
class LeafNodeTest {
    private final SuiteCrypto crypto = TreeFixture.crypto(TreeFixture.random("LeafNodeTest"));
    private final SignatureKeyPair signature = crypto.generateSignatureKeyPair();
    private final HpkePublicKey encryptionKey = crypto.generateHpkeKeyPair().publicKey();
    private final LeafNode.Position position = new LeafNode.Position(TreeFixture.GROUP_ID, leaf(9));

    private static final Capabilities NONE = new Capabilities(List.of(), List.of(), List.of(), List.of(), List.of());
    private static final Capabilities MANY = new Capabilities(
            List.of(ProtocolVersion.MLS10, new ProtocolVersion(0x1a1a)),
            CipherSuite.STANDARD,
            List.of(new ExtensionType(0xf001), new ExtensionType(10)),
            List.of(new ProposalType(0xf002)),
            List.of(CredentialType.BASIC, CredentialType.X509, new CredentialType(0x2a2a)));

    private LeafNode sign(
            Credential credential, Capabilities capabilities, LeafNodeSource source, Extensions extensions)
            throws MlsException {
        LeafNode.Content content = new LeafNode.Content(signature.publicKey(), credential, capabilities, extensions);
        return LeafNode.sign(content, encryptionKey, source, position, crypto, crypto.signer(signature));
    }

    @Test
    void theIndexOfALeafIsAUint32() {
        assertThat(new LeafIndex(0xffff_ffffL).value()).isEqualTo(0xffff_ffffL);
        assertThatIllegalArgumentException().isThrownBy(() -> new LeafIndex(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new LeafIndex(0x1_0000_0000L));
    }

    @Test
    void aParentListsUnmergedLeavesOnceAndInOrder() {
        for (List<LeafIndex> wrong : List.of(leaves(2, 1), leaves(1, 1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ParentNode(encryptionKey, Bytes.EMPTY, wrong));
        }
    }

    @Test
    @Tag("R-7.1-01")
    void aParentKeepsUnmergedLeavesOfAnyNumber() {
        long[] unmerged = {0, 1, 0x0203, 0x040506, 0x0708090aL, 0xfffefdfcL};
        byte[] alone = ParentContent.encode(encryptionKey, Bytes.fromHex("ab"));
        byte[] content = ParentContent.withUnmerged(alone, unmerged);
        assertThat(ParentContent.unmerged(content)).containsExactly(unmerged);
        assertThat(ParentContent.decode(content))
                .isEqualTo(new ParentNode(encryptionKey, Bytes.fromHex("ab"), leaves(unmerged)));
        assertThat(ParentContent.hasUnmerged(content)).isTrue();
        assertThat(ParentContent.hasUnmerged(alone)).isFalse();
        assertThat(ParentContent.withUnmerged(content, new long[0])).isEqualTo(alone);
    }

    @Test
    @Tag("R-7.2-01")
    void holdsWhatWasPutIn() throws MlsException {
        byte[] large = new byte[20_000];
        for (Credential credential : List.of(
                Credential.basic(Bytes.EMPTY),
                Credential.basic(Bytes.wrap(large)),
                new Credential.X509(List.of()),
                new Credential.X509(List.of(Bytes.fromHex("00"), Bytes.wrap(new byte[100]))),
                new Credential.Other(new CredentialType(0x3a3a), Bytes.fromHex("abcd")))) {
            for (Capabilities capabilities : List.of(NONE, MANY)) {
                for (LeafNodeSource source : List.of(
                        new LeafNodeSource.KeyPackage(new Lifetime(1, -1)),
                        new LeafNodeSource.Update(),
                        new LeafNodeSource.Commit(Bytes.EMPTY),
                        new LeafNodeSource.Commit(Bytes.wrap(new byte[64])))) {
                    for (Extensions extensions : List.of(
                            Extensions.EMPTY,
                            Extensions.of(
                                    new Extension(new ExtensionType(0x4a4a), Bytes.EMPTY),
                                    new Extension(ExtensionType.APPLICATION_ID, Bytes.wrap(new byte[80]))))) {
                        check(credential, capabilities, source, extensions);
                    }
                }
            }
        }
    }

    private void check(Credential credential, Capabilities capabilities, LeafNodeSource source, Extensions extensions)
            throws MlsException {
        LeafNode leaf = sign(credential, capabilities, source, extensions);
        assertThat(leaf.encryptionKey()).isEqualTo(encryptionKey);
        assertThat(leaf.signatureKey()).isEqualTo(signature.publicKey());
        assertThat(leaf.credential()).isEqualTo(credential);
        assertThat(leaf.credentialType()).isEqualTo(credential.type());
        assertThat(leaf.capabilities()).isEqualTo(capabilities);
        assertThat(leaf.source()).isEqualTo(source);
        assertThat(leaf.extensions()).isEqualTo(extensions);
        assertThat(leaf.signature().length()).isEqualTo(64);
        assertThat(leaf.content())
                .isEqualTo(new LeafNode.Content(signature.publicKey(), credential, capabilities, extensions));
        assertThat(leaf.verifySignature(position, crypto)).isTrue();
        LeafNode decoded = roundTrip(leaf, LeafNode::decode);
        assertThat(decoded).isEqualTo(leaf).hasSameHashCodeAs(leaf);
        assertThat(decoded.verifySignature(position, crypto)).isTrue();
        assertThat(roundTrip(new TreeNode.Leaf(leaf), TreeNode::decode)).isEqualTo(new TreeNode.Leaf(leaf));
    }

    private interface Decode<T> {
        T from(TlsReader in) throws DecodeException;
    }

    private static <T extends Encodable> T roundTrip(T value, Decode<T> decode) throws DecodeException {
        Bytes encoding = Bytes.wrap(value.encoded());
        TlsReader in = reader(encoding);
        T out = decode.from(in);
        assertThat(in.remaining()).isZero();
        assertThat(Bytes.wrap(out.encoded())).isEqualTo(encoding);
        return out;
    }

    @Test
    void keepsNothingOfTheMessageAroundIt() throws MlsException {
        LeafNode leaf = sign(Credential.basic(Bytes.EMPTY), NONE, new LeafNodeSource.Update(), Extensions.EMPTY);
        Bytes message = new TlsWriter().raw(new byte[1000]).struct(leaf).toBytes();
        TlsReader in = reader(message);
        in.raw(1000);
        Bytes kept = LeafNode.decode(in).encoding();
        assertThat(kept.compact()).isSameAs(kept);
    }

    @Test
    @Tag("R-7.1-01")
    @Tag("R-7.2-02")
    @Tag("R-7.2-11")
    @Tag("R-7.6-01")
    void otherStructuresSurviveARoundTrip() throws MlsException {
        LeafNode leaf = sign(Credential.basic(Bytes.EMPTY), MANY, new LeafNodeSource.Update(), Extensions.EMPTY);
        ParentNode parent = new ParentNode(encryptionKey, Bytes.EMPTY, leaves());
        ParentNode listing = new ParentNode(encryptionKey, Bytes.wrap(new byte[32]), leaves(0, 7, 0xffff_ffffL));
        for (ParentNode each : List.of(parent, listing)) {
            assertThat(roundTrip(each, ParentNode::decode)).isEqualTo(each);
            assertThat(roundTrip(new TreeNode.Parent(each), TreeNode::decode)).isEqualTo(new TreeNode.Parent(each));
            byte[] content = each.encoded();
            assertThat(ParentContent.decode(content)).isEqualTo(each);
            assertThat(ParentContent.encryptionKey(content)).isEqualTo(encryptionKey.data());
            assertThat(ParentContent.parentHash(content)).isEqualTo(each.parentHash());
            assertThat(ParentContent.leaves(ParentContent.unmerged(content))).isEqualTo(each.unmergedLeaves());
        }
        HpkeCiphertext ciphertext = new HpkeCiphertext(Bytes.fromHex("01"), Bytes.fromHex("0203"));
        UpdatePath path = new UpdatePath(
                leaf,
                List.of(
                        new UpdatePath.Node(encryptionKey, List.of()),
                        new UpdatePath.Node(encryptionKey, List.of(ciphertext, ciphertext))));
        assertThat(roundTrip(path, UpdatePath::decode)).isEqualTo(path);
        assertThat(roundTrip(new UpdatePath(leaf, List.of()), UpdatePath::decode)
                        .nodes())
                .isEmpty();
        assertThat(roundTrip(MANY, Capabilities::decode)).isEqualTo(MANY);
        assertThat(roundTrip(new Lifetime(-1, 5), Lifetime::decode)).isEqualTo(new Lifetime(-1, 5));
    }

    @Test
    void nothingButADecodeExceptionComesOfDamagedBytes() throws MlsException {
        Random random = TreeFixture.random("damaged leaves");
        LeafNode leaf = sign(
                new Credential.X509(List.of(Bytes.fromHex("00"))),
                MANY,
                new LeafNodeSource.Commit(Bytes.wrap(new byte[32])),
                Extensions.of(new Extension(ExtensionType.APPLICATION_ID, Bytes.EMPTY)));
        byte[] good = leaf.encoded();
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = good.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            TlsReader in = reader(Bytes.wrap(bytes).slice(0, bytes.length - random.nextInt(2) * random.nextInt(9)));
            try {
                LeafNode decoded = LeafNode.decode(in);
                // Whatever was accepted can be read in full.
                decoded.content();
                decoded.source();
                decoded.signature();
                MemberSupport.of(decoded);
                assertThat(decoded.toString()).isNotEmpty();
                accepted++;
            } catch (DecodeException e) {
                assertThat(e.rule()).isNotNull();
            }
        }
        assertThat(accepted).isPositive();
    }

    private Bytes encode(Bytes credential, Bytes capabilities, Bytes source, Bytes extensions) {
        return new TlsWriter()
                .struct(encryptionKey)
                .struct(signature.publicKey())
                .raw(credential)
                .raw(capabilities)
                .raw(source)
                .raw(extensions)
                .vector(new byte[64])
                .toBytes();
    }

    @Test
    @Tag("R-2.1-02")
    @Tag("R-13.4-05")
    void rejectsMalformedParts() throws DecodeException {
        Bytes basic = Bytes.fromHex("000100");
        Bytes none = Bytes.fromHex("0000000000");
        Bytes update = Bytes.fromHex("02");
        Bytes empty = Bytes.fromHex("00");
        LeafNode.decode(reader(encode(basic, none, update, empty)));
        assertRefused(Rule.UNKNOWN_DISCRIMINATOR, encode(basic, none, Bytes.fromHex("00"), empty));
        assertRefused(Rule.UNKNOWN_DISCRIMINATOR, encode(basic, none, Bytes.fromHex("04"), empty));
        assertRefused(Rule.TRUNCATED, encode(basic, Bytes.fromHex("000000000103"), update, empty));
        assertRefused(Rule.TRUNCATED, encode(basic, Bytes.fromHex("03000100000000"), update, empty));
        assertRefused(Rule.EXTENSION_DUPLICATE, encode(basic, none, update, Bytes.fromHex("06f00100f00100")));
        assertRefused(Rule.NON_MINIMAL_LENGTH, encode(Bytes.fromHex("00014000"), none, update, empty));
        assertRefused(Rule.INVALID_LENGTH_PREFIX, encode(basic, Bytes.fromHex("00c0000000"), update, empty));
        // A chain of certificates whose last one is cut.
        assertRefused(Rule.LENGTH_BEYOND_INPUT, encode(Bytes.fromHex("0002020300"), none, update, empty));
        Bytes large = encode(basic, Bytes.fromHex("00080001000200030004000000"), update, empty);
        assertDecodeRule(Rule.SIZE_LIMIT, () -> LeafNode.decode(new TlsReader(large, new DecodeLimits(1 << 20, 3))));
    }

    private static void assertRefused(Rule rule, Bytes encoding) {
        assertDecodeRule(rule, () -> LeafNode.decode(reader(encoding)));
    }

    @Test
    void printsNoIdentity() throws MlsException {
        LeafNode leaf =
                sign(Credential.basic(TreeFixture.ascii("alice")), NONE, new LeafNodeSource.Update(), Extensions.EMPTY);
        assertThat(leaf.toString()).doesNotContain("alice").doesNotContain("616c696365");
    }
}
