package org.coppice.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.WelcomeSecret;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;

/**
 * The tree of a group in which everybody has committed, so that no node is blank and no leaf unmerged. Only its public side is
 * ever computed, which costs log N key derivations for each member instead of a client that follows all others.
 */
public final class FullTree {
    private static final Bytes GROUP_ID = ascii("the group of the benchmarks");

    private final SuiteCrypto crypto = Source.NATIVE.crypto();
    private final Bytes groupId;
    private final RatchetTree tree;
    private final List<Signer> signers;
    private final LeafIndex signerLeaf = new LeafIndex(1);

    /** @param size how many members, at least 3 */
    FullTree(int size) throws MlsException {
        this(GROUP_ID, size, index -> "member-" + index);
    }

    /**
     * Makes one.
     *
     * @param groupId the group's, which leaves are signed for
     * @param size how many members, at least 3
     * @param names the identities of their basic credentials
     */
    public FullTree(Bytes groupId, int size, IntFunction<String> names) throws MlsException {
        this.groupId = groupId;
        List<LeafNode.Content> contents = new ArrayList<>(size);
        signers = new ArrayList<>(size);
        List<LeafNode> leaves = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Signer own = crypto.signer(crypto.generateSignatureKeyPair());
            signers.add(own);
            contents.add(content(own, names.apply(i)));
            try (HpkeKeyPair pair = crypto.generateHpkeKeyPair()) {
                LeafNodeSource source = new LeafNodeSource.KeyPackage(
                        Lifetime.around(Instant.now(), Duration.ofHours(1), Duration.ofDays(80)));
                leaves.add(LeafNode.sign(contents.get(i), pair.publicKey(), source, null, crypto, own));
            }
        }
        RatchetTree made = RatchetTree.of(leaves.get(0), crypto)
                .addAll(leaves.subList(1, size))
                .tree();
        for (int i = 0; i < size; i++) {
            try (PreparedPath path = PathBuilder.prepare(
                    made, new LeafIndex(i), contents.get(i), groupId, crypto, signers.get(i), null)) {
                made = path.tree();
            }
        }
        this.tree = made;
    }

    /** The signer of a member that nobody plays. */
    public Signer signer(int index) {
        return signers.get(index);
    }

    private static LeafNode.Content content(Signer signer, String name) {
        Capabilities capabilities = new Capabilities(
                List.of(ProtocolVersion.MLS10),
                CipherSuite.STANDARD,
                List.of(),
                List.of(),
                List.of(CredentialType.BASIC, CredentialType.X509));
        Credential credential = Credential.basic(ascii(name));
        return new LeafNode.Content(signer.publicKey(), credential, capabilities, Extensions.EMPTY);
    }

    static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    RatchetTree tree() {
        return tree;
    }

    /**
     * A Welcome by which the owners of two key packages take the places of the first and the last member. The nodes above them
     * are blank until they have committed.
     */
    public Welcome welcome(KeyPackage first, KeyPackage last) throws MlsException {
        RatchetTree with = tree.remove(new LeafIndex(0))
                .remove(new LeafIndex(tree.memberCount() - 1L))
                .addAll(List.of(first.leafNode(), last.leafNode()))
                .tree();
        GroupContext context = new GroupContext(
                ProtocolVersion.MLS10,
                crypto.suite(),
                groupId,
                7,
                with.treeHash(),
                crypto.hash(ascii("transcript")),
                Extensions.EMPTY);
        Bytes encoded = SuiteCrypto.encode(context);
        Secret joinerSecret = crypto.randomSecret(crypto.hashLength());
        try (JoinerSecret joiner = JoinerSecret.wrap(joinerSecret.copy());
                PskSecret psk = PskSecret.none(crypto);
                MemberSecret member = MemberSecret.derive(joiner, psk, crypto);
                EpochSecrets epoch = member.epochSecrets(encoded);
                WelcomeSecret welcomeSecret = member.welcomeSecret()) {
            Extensions extensions = Extensions.of(new Extension(ExtensionType.RATCHET_TREE, SuiteCrypto.encode(with)));
            GroupInfo info = GroupInfo.sign(
                    context,
                    extensions,
                    epoch.confirmationTag(context.confirmedTranscriptHash()),
                    signerLeaf,
                    crypto,
                    signers.get(1));
            Bytes sealed = welcomeSecret.seal(info.encoded());
            List<Welcome.EncryptedGroupSecrets> secrets =
                    List.of(secretsFor(first, joinerSecret, sealed), secretsFor(last, joinerSecret, sealed));
            return new Welcome(crypto.suite(), secrets, sealed);
        }
    }

    private Welcome.EncryptedGroupSecrets secretsFor(KeyPackage joiner, Secret joinerSecret, Bytes groupInfo)
            throws MlsException {
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", groupInfo);
        try (GroupSecrets secrets = new GroupSecrets(joinerSecret.copy(), null, List.of());
                Secret plaintext = secrets.encode()) {
            return new Welcome.EncryptedGroupSecrets(
                    joiner.ref(crypto), crypto.encryptWithLabel(joiner.initKey(), context, plaintext));
        }
    }
}
