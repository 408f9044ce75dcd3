package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.rules.JoinChecks;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.WelcomeSecret;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreePrivateKeys;

/** Joins a group by a Welcome (RFC 9420 §12.4.3.1). Nothing is stored and no key is used up unless every check passes. */
final class WelcomeJoiner {
    private final MlsClient client;
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final JoinRequest request;

    WelcomeJoiner(MlsClient client, JoinRequest request) {
        this.client = client;
        this.environment = client.environment();
        this.crypto = client.crypto();
        this.request = request;
    }

    Group join() throws MlsException {
        Welcome welcome = request.welcome();
        if (!welcome.cipherSuite().equals(crypto.suite())) {
            throw new ValidationException(Rule.WELCOME_SUITE);
        }
        Entry entry = findEntry(welcome);
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", welcome.encryptedGroupInfo());
        try (Secret plaintext = crypto.decryptWithLabel(
                        entry.bundle().initKeyPair(), context, entry.secrets().encryptedGroupSecrets());
                GroupSecrets secrets = decode(plaintext)) {
            return join(entry.bundle(), secrets);
        }
    }

    private GroupSecrets decode(Secret plaintext) throws MlsException {
        byte[] bytes = plaintext.exposeCopy();
        try {
            return GroupSecrets.decode(Bytes.wrap(bytes), environment.limits());
        } finally {
            java.util.Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The entry of a Welcome for one of this client's key packages. */
    private record Entry(KeyPackageBundle bundle, Welcome.EncryptedGroupSecrets secrets) {}

    /** Of several that the Welcome names the first that can serve; which those are, anybody may have written into it. */
    private Entry findEntry(Welcome welcome) throws ValidationException {
        Optional<KeyPackageBundle> useless = Optional.empty();
        for (KeyPackageBundle bundle : request.bundles()) {
            Optional<Welcome.EncryptedGroupSecrets> secrets = secretsFor(bundle, welcome);
            if (secrets.isPresent()) {
                // §12.4.3.1: the package must be of the Welcome's suite.
                if (!bundle.keyPackage().cipherSuite().equals(welcome.cipherSuite())) {
                    throw new ValidationException(Rule.WELCOME_SUITE);
                }
                if (!bundle.isClosed() && client.isOwn(bundle.keyPackage())) {
                    return new Entry(bundle, secrets.get());
                }
                useless = useless.or(() -> Optional.of(bundle));
            }
        }
        useless.ifPresent(this::refuse);
        throw new ValidationException(Rule.WELCOME_NOT_FOR_US);
    }

    private Optional<Welcome.EncryptedGroupSecrets> secretsFor(KeyPackageBundle bundle, Welcome welcome) {
        Bytes ref = bundle.keyPackage().ref(crypto);
        return welcome.secrets().stream()
                .filter(secrets -> secrets.newMember().equals(ref))
                .findFirst();
    }

    private void refuse(KeyPackageBundle useless) {
        client.requireOwn(useless.keyPackage());
        throw new IllegalStateException("the key package was used already, or closed: its private keys are wiped");
    }

    private Group join(KeyPackageBundle bundle, GroupSecrets secrets) throws MlsException {
        Optional<PreSharedKeyId.Resumption> link = Resumption.linkIn(secrets.psks());
        checkNonces(secrets.psks());
        try (JoinerSecret joiner = JoinerSecret.wrap(secrets.joinerSecret().copy());
                PskSecret psk = pskLookup().secretOf(secrets.psks(), crypto);
                MemberSecret memberSecret = MemberSecret.derive(joiner, psk, crypto)) {
            GroupInfo groupInfo = openGroupInfo(memberSecret);
            checkGroupId(groupInfo.groupContext().groupId());
            JoinChecks.checkOwnSupport(
                    bundle.keyPackage().leafNode().capabilities(),
                    groupInfo.groupContext().extensions());
            JoinChecks checks = new JoinChecks(environment, crypto);
            RatchetTree tree = checks.tree(groupInfo, request.ratchetTree());
            GroupState state = checks.check(groupInfo, tree);
            LeafIndex self = ownLeaf(tree, bundle.keyPackage().leafNode());
            new Resumption(environment.validator()).check(link, request.predecessor(), state);
            return enter(bundle, secrets, memberSecret, groupInfo, state, self);
        }
    }

    private void checkNonces(List<PreSharedKeyId> psks) throws ValidationException {
        for (PreSharedKeyId psk : psks) {
            if (psk.pskNonce().length() != crypto.hashLength()) {
                throw new ValidationException(Rule.PSK_NONCE_LENGTH);
            }
        }
    }

    private PskLookup pskLookup() {
        return request.predecessor().map(Group::pskLookup).orElseGet(() -> PskLookup.outside(environment.psks()));
    }

    private GroupInfo openGroupInfo(MemberSecret memberSecret) throws MlsException {
        Decoder<GroupInfo> decoder = GroupInfo::decode;
        try (WelcomeSecret welcomeSecret = memberSecret.welcomeSecret()) {
            byte[] plaintext = welcomeSecret.open(request.welcome().encryptedGroupInfo());
            return decoder.decodeAll(Bytes.wrap(plaintext), environment.limits());
        }
    }

    private void checkGroupId(Bytes groupId) throws ValidationException {
        if (request.isMemberOf(groupId) || environment.store().groups().contains(groupId)) {
            throw new ValidationException(Rule.GROUP_ID_IN_USE);
        }
    }

    private static LeafIndex ownLeaf(RatchetTree tree, LeafNode own) throws ValidationException {
        return tree.leafWithEncryptionKey(own.encryptionKey())
                .filter(index -> tree.leaf(index).orElseThrow().equals(own))
                .orElseThrow(() -> new ValidationException(Rule.OWN_LEAF_MISSING));
    }

    private Group enter(
            KeyPackageBundle bundle,
            GroupSecrets secrets,
            MemberSecret memberSecret,
            GroupInfo groupInfo,
            GroupState state,
            LeafIndex self)
            throws MlsException {
        EpochSecrets epoch = memberSecret.epochSecrets(state.encodedContext());
        HpkeKeyPair leafKey = bundle.leafKeyPair().copy();
        TreePrivateKeys treeKeys = null;
        boolean done = false;
        try {
            epoch.verifyConfirmationTag(state.context().confirmedTranscriptHash(), state.confirmationTag());
            treeKeys = TreePrivateKeys.fromWelcome(
                    state.tree(),
                    self,
                    leafKey,
                    groupInfo.signer(),
                    secrets.pathSecret().orElse(null),
                    crypto);
            Group group = new Group(begin(client, state, epoch, treeKeys));
            done = true;
            // §16.8: the init key has served, unless it is meant to serve again.
            if (!bundle.keyPackage().isLastResort()) {
                bundle.close();
            }
            return group;
        } finally {
            if (!done) {
                epoch.close();
                leafKey.close();
                if (treeKeys != null) {
                    treeKeys.close();
                }
            }
        }
    }

    /** Makes and stores the state of a group that was created or joined; takes over the secrets if it returns. */
    static MemberState begin(MlsClient client, GroupState state, EpochSecrets epoch, TreePrivateKeys treeKeys) {
        MemberState member = new MemberState(client.environment(), client.crypto());
        member.signer = client.signer();
        member.state = state;
        member.keys = new EpochKeys(epoch, epoch.takeSecretTree(state.tree().size()), treeKeys);
        boolean done = false;
        try {
            // Records of an earlier membership, which an external join may replace, go in the same write.
            StateChange.Builder changes = StateChange.builder(state.groupId()).deleteGroup();
            if (client.environment().policy().resumptionPsks() > 0) {
                member.resumptionPsks.put(state.epoch(), epoch.resumptionPsk().copy());
            }
            GroupRecords.putAll(member, changes);
            member.write(changes);
            done = true;
            return member;
        } finally {
            if (!done) {
                member.keys.messageKeys().close();
                member.resumptionPsks.close();
            }
        }
    }
}
