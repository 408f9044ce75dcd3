package org.coppice.bench;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.Welcome;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.message.KeyPackage;

/**
 * The same operations in Bouncy Castle's {@code bcmls}, in groups of the same shape. Its primitives are its own: the source of
 * the setting does not matter. Its methods declare {@code Exception}, nothing narrower, and so what calls them here does, too.
 */
final class BouncyCastleOperations {
    private static final SecureRandom RANDOM = new SecureRandom();

    private BouncyCastleOperations() {}

    /** A client with one key package. */
    static final class Client {
        final MlsCipherSuite suite;
        final AsymmetricCipherKeyPair init;
        final AsymmetricCipherKeyPair leaf;
        final byte[] signatureKey;
        final LeafNode leafNode;
        final org.bouncycastle.mls.codec.KeyPackage keyPackage;

        Client(String name) throws Exception {
            suite = MlsCipherSuite.getSuite(MlsCipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519);
            init = suite.getHPKE().generatePrivateKey();
            leaf = suite.getHPKE().generatePrivateKey();
            AsymmetricCipherKeyPair signature = suite.generateSignatureKeyPair();
            signatureKey = suite.serializeSignaturePrivateKey(signature.getPrivate());
            leafNode = new LeafNode(
                    suite,
                    suite.getHPKE().serializePublicKey(leaf.getPublic()),
                    suite.serializeSignaturePublicKey(signature.getPublic()),
                    Credential.forBasic(name.getBytes(StandardCharsets.US_ASCII)),
                    new Capabilities(),
                    new LifeTime(),
                    List.of(),
                    signatureKey);
            keyPackage = new org.bouncycastle.mls.codec.KeyPackage(
                    suite, suite.getHPKE().serializePublicKey(init.getPublic()), leafNode, List.of(), signatureKey);
        }

        KeyPackage published() throws Exception {
            Decoder<KeyPackage> decoder = KeyPackage::decode;
            return decoder.decodeAll(Bytes.wrap(MLSOutputStream.encode(keyPackage)), DecodeLimits.DEFAULT);
        }

        Group create() throws Exception {
            byte[] groupId = new byte[32];
            RANDOM.nextBytes(groupId);
            return new Group(groupId, suite, leaf, signatureKey, leafNode, List.of());
        }

        /** @param welcome an encoded Welcome, not in an MLSMessage */
        Group join(byte[] welcome) throws Exception {
            return new Group(
                    suite.getHPKE().serializePrivateKey(init.getPrivate()),
                    leaf,
                    signatureKey,
                    keyPackage,
                    (Welcome) MLSInputStream.decode(welcome, Welcome.class),
                    null,
                    new HashMap<>(),
                    new HashMap<>());
        }
    }

    private static MLSMessage decode(byte[] message) throws Exception {
        return (MLSMessage) MLSInputStream.decode(message, MLSMessage.class);
    }

    private static Group.GroupWithMessage commit(Group group, List<Proposal> proposals) throws Exception {
        byte[] leafSecret = new byte[32];
        RANDOM.nextBytes(leafSecret);
        return group.commit(
                new Secret(leafSecret),
                new Group.CommitOptions(proposals, true, true, new Group.LeafNodeOptions()),
                new Group.MessageOptions(true, new byte[0], 0),
                new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
    }

    /** The first and the last member of a group with a full tree. */
    static final class Pair {
        Group first;
        Group last;

        Pair(Setting setting, int members) throws Exception {
            Client a = new Client("first");
            Client b = new Client("last");
            if (members == 2) {
                Group.GroupWithMessage added = commit(a.create(), List.of(Proposal.add(b.keyPackage)));
                first = added.group;
                last = b.join(MLSOutputStream.encode(added.message.welcome));
            } else {
                byte[] welcome = setting.tree(members)
                        .welcome(a.published(), b.published())
                        .encoded();
                first = a.join(welcome);
                last = b.join(welcome);
            }
            byte[] message = MLSOutputStream.encode(commitOfLast());
            first = first.handle(message, null);
            last = last.handle(commitOfFirst(), null);
        }

        private MLSMessage commitOfLast() throws Exception {
            Group.GroupWithMessage made = commit(last, List.of());
            last = made.group;
            return made.message;
        }

        byte[] commitOfFirst() throws Exception {
            Group.GroupWithMessage made = commit(first, List.of());
            first = made.group;
            return MLSOutputStream.encode(made.message);
        }
    }

    static Operation encrypt(Setting setting) throws Exception {
        Group group = new Pair(setting, setting.members()).first;
        byte[] data = new byte[CoppiceOperations.MESSAGE];
        return () -> MLSOutputStream.encode(group.protect(new byte[0], data, 0));
    }

    static Operation decrypt(Setting setting) throws Exception {
        Pair pair = new Pair(setting, setting.members());
        byte[] data = new byte[CoppiceOperations.MESSAGE];
        Deque<byte[]> messages = new ArrayDeque<>();
        return new Operation() {
            @Override
            public void prepare() throws Exception {
                messages.add(MLSOutputStream.encode(pair.first.protect(new byte[0], data, 0)));
            }

            @Override
            public Object run() throws Exception {
                return pair.last.unprotect(decode(messages.remove()));
            }
        };
    }

    static Operation commit(Setting setting) throws Exception {
        Pair pair = new Pair(setting, setting.members());
        return pair::commitOfFirst;
    }

    static Operation process(Setting setting) throws Exception {
        Pair pair = new Pair(setting, setting.members());
        Deque<byte[]> messages = new ArrayDeque<>();
        return new Operation() {
            @Override
            public void prepare() throws Exception {
                messages.add(pair.commitOfFirst());
            }

            @Override
            public Object run() throws Exception {
                pair.last = pair.last.handle(messages.remove(), null);
                return pair.last;
            }
        };
    }

    /** Verifies no member's signature. */
    static Operation join(Setting setting) throws Exception {
        return new Joins(setting);
    }

    /** Welcomes for one client. */
    static final class Joins implements Operation {
        private final Client joiner = new Client("joiner");
        private final byte[] welcome;

        Joins(Setting setting) throws Exception {
            if (setting.members() == 2) {
                Client creator = new Client("creator");
                Group.GroupWithMessage added =
                        BouncyCastleOperations.commit(creator.create(), List.of(Proposal.add(joiner.keyPackage)));
                welcome = MLSOutputStream.encode(added.message.welcome);
            } else {
                welcome = setting.tree(setting.members() - 1)
                        .welcome(new Client("first").published(), joiner.published())
                        .encoded();
            }
        }

        @Override
        public Group run() throws Exception {
            return joiner.join(welcome);
        }
    }

    static Operation create(Setting setting) throws Exception {
        Client creator = new Client("creator");
        List<Proposal> adds = new ArrayList<>();
        for (int i = 1; i < setting.members(); i++) {
            adds.add(Proposal.add(new Client("member-" + i).keyPackage));
        }
        return () -> {
            Group.GroupWithMessage made = commit(creator.create(), adds);
            return MLSOutputStream.encode(made.message.welcome);
        };
    }
}
