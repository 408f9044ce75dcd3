package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;

/** What the tests of this package share: suites, vectors, and members with keys. */
final class TreeFixture {
    static final CipherSuite SUITE_1 = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final Bytes GROUP_ID = ascii("group");
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final CryptoProvider PROVIDER = CryptoProviders.best();

    private TreeFixture() {}

    static SuiteCrypto crypto(CipherSuite suite) {
        return crypto(suite, Randomness.system());
    }

    static SuiteCrypto crypto(CipherSuite suite, Randomness randomness) {
        try {
            return SuiteCrypto.of(suite, PROVIDER, randomness);
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    /** Suite 1 with keys that follow from a seed. */
    static SuiteCrypto crypto(Random random) {
        return crypto(SUITE_1, random::nextBytes);
    }

    /** A generator whose seed is printed, so that a failure can be replayed. */
    static Random random(String test) {
        long seed = Long.getLong("coppice.test.seed", 20_261_123);
        System.out.println(test + ": seed " + seed);
        return new Random(seed);
    }

    /** A file of the official test vectors; the test is skipped if it is not there. */
    static JsonNode vectors(String name) throws IOException {
        String directory = System.getProperty("mls.vectors");
        assumeTrue(directory != null, "mls.vectors is not set");
        Path file = Path.of(directory, name + ".json");
        assumeTrue(Files.isRegularFile(file), file + " is missing");
        return new ObjectMapper().readTree(file.toFile());
    }

    static SuiteCrypto crypto(JsonNode vector) {
        return crypto(new CipherSuite(vector.get("cipher_suite").intValue()));
    }

    static Bytes bytes(JsonNode hex) {
        return Bytes.fromHex(hex.textValue());
    }

    static Secret secret(JsonNode hex) {
        return Secret.wrap(bytes(hex).toByteArray());
    }

    static RatchetTree tree(Bytes encoding, SuiteCrypto crypto) throws DecodeException {
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        return decoder.decodeAll(encoding, DecodeLimits.DEFAULT);
    }

    static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static TlsReader reader(Bytes bytes) {
        return new TlsReader(bytes, DecodeLimits.DEFAULT);
    }

    static LeafIndex leaf(long index) {
        return new LeafIndex(index);
    }

    static NodeIndex node(long index) {
        return new NodeIndex(index);
    }

    static List<LeafIndex> leaves(long... indices) {
        List<LeafIndex> out = new ArrayList<>();
        for (long index : indices) {
            out.add(leaf(index));
        }
        return out;
    }

    static List<NodeIndex> nodes(long... indices) {
        List<NodeIndex> out = new ArrayList<>();
        for (long index : indices) {
            out.add(node(index));
        }
        return out;
    }

    /** All occupied nodes, for a test to change some and make a tree of them again. */
    static TreeMap<NodeIndex, TreeNode> nodesOf(RatchetTree tree) {
        TreeMap<NodeIndex, TreeNode> out = new TreeMap<>();
        for (long i = 0; i < 2 * tree.size() - 1; i++) {
            NodeIndex index = node(i);
            if (index.isLeaf()) {
                tree.leaf(index.toLeafIndex()).ifPresent(leaf -> out.put(index, new TreeNode.Leaf(leaf)));
            } else {
                tree.parent(index).ifPresent(parent -> out.put(index, new TreeNode.Parent(parent)));
            }
        }
        return out;
    }

    static void assertRule(Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    static void assertDecodeRule(Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    static Capabilities capabilities(SuiteCrypto crypto) {
        return new Capabilities(
                List.of(ProtocolVersion.MLS10),
                List.of(crypto.suite()),
                List.of(),
                List.of(),
                List.of(CredentialType.BASIC));
    }

    static Lifetime lifetime() {
        return Lifetime.around(NOW, Duration.ofHours(1), Duration.ofDays(90));
    }

    /** A client with the private keys of its leaf, which is that of a key package. */
    record Client(HpkeKeyPair encryption, Signer signer, LeafNode leaf) {
        static Client create(String name, SuiteCrypto crypto) {
            return create(name, crypto, capabilities(crypto));
        }

        static Client create(String name, SuiteCrypto crypto, Capabilities capabilities) {
            SignatureKeyPair signature = crypto.generateSignatureKeyPair();
            HpkeKeyPair encryption = crypto.generateHpkeKeyPair();
            LeafNode.Content content = new LeafNode.Content(
                    signature.publicKey(), Credential.basic(ascii(name)), capabilities, Extensions.EMPTY);
            try {
                Signer signer = crypto.signer(signature);
                LeafNodeSource source = new LeafNodeSource.KeyPackage(lifetime());
                LeafNode leaf = LeafNode.sign(content, encryption.publicKey(), source, null, crypto, signer);
                return new Client(encryption, signer, leaf);
            } catch (CryptoException e) {
                throw new AssertionError(e);
            }
        }

        /** A leaf of this client for another source and encryption key. */
        LeafNode leaf(HpkeKeyPair key, LeafNodeSource source, LeafIndex index, SuiteCrypto crypto) {
            LeafNode.Position position = new LeafNode.Position(GROUP_ID, index);
            try {
                return LeafNode.sign(leaf.content(), key.publicKey(), source, position, crypto, signer);
            } catch (CryptoException e) {
                throw new AssertionError(e);
            }
        }
    }
}
