package org.coppice.testkit.forge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.WelcomeSecret;
import org.coppice.mls.tree.LeafIndex;

/**
 * A genuine Welcome, opened with the private keys of the one it is for. Its parts can be looked at and changed, and all of it is
 * then computed, signed and encrypted again: so each rule for joiners can be broken alone. The confirmation tag follows every
 * change, unless it is set itself.
 */
public final class WelcomeForge {
    private final SuiteCrypto crypto;
    private final KeyPackageBundle bundle;
    private final Secret joinerSecret;
    private final GroupInfo genuine;
    private PskSecret psk;
    private Optional<Secret> pathSecret;
    private List<PreSharedKeyId> psks;
    private GroupContext context;
    private Extensions extensions;
    private LeafIndex signer;
    private Optional<Bytes> confirmationTag = Optional.empty();

    private WelcomeForge(
            SuiteCrypto crypto, KeyPackageBundle bundle, GroupSecrets secrets, PskSecret psk, GroupInfo genuine) {
        this.crypto = crypto;
        this.bundle = bundle;
        this.joinerSecret = secrets.joinerSecret().copy();
        this.pathSecret = secrets.pathSecret().map(Secret::copy);
        this.psks = secrets.psks();
        this.psk = psk;
        this.genuine = genuine;
        this.context = genuine.groupContext();
        this.extensions = genuine.extensions();
        this.signer = genuine.signer();
    }

    /** Opens a Welcome without pre-shared keys. */
    public static WelcomeForge open(MlsMessage welcome, KeyPackageBundle bundle, SuiteCrypto crypto)
            throws MlsException {
        return open(welcome, bundle, crypto, List.of());
    }

    /**
     * Opens a Welcome.
     *
     * @param keys the pre-shared keys that it names, in their order
     */
    public static WelcomeForge open(MlsMessage welcome, KeyPackageBundle bundle, SuiteCrypto crypto, List<Secret> keys)
            throws MlsException {
        Welcome body = ((MlsMessage.Welcome) welcome.body()).welcome();
        Bytes ref = bundle.keyPackage().ref(crypto);
        HpkeCiphertext ciphertext = body.secrets().stream()
                .filter(entry -> entry.newMember().equals(ref))
                .findFirst()
                .orElseThrow()
                .encryptedGroupSecrets();
        SuiteCrypto.EncryptionContext encryption = crypto.encryptionContext("Welcome", body.encryptedGroupInfo());
        GroupSecrets secrets =
                GroupSecrets.decode(Bytes.wrap(crypto.decryptWithLabel(bundle.initKeyPair(), encryption, ciphertext)
                        .exposeCopy()));
        PskSecret psk = pskSecret(secrets.psks(), keys, crypto);
        Decoder<GroupInfo> decoder = GroupInfo::decode;
        try (JoinerSecret joiner = JoinerSecret.wrap(secrets.joinerSecret().copy());
                MemberSecret member = MemberSecret.derive(joiner, psk, crypto);
                WelcomeSecret key = member.welcomeSecret()) {
            GroupInfo info = decoder.decodeAll(Bytes.wrap(key.open(body.encryptedGroupInfo())), DecodeLimits.DEFAULT);
            return new WelcomeForge(crypto, bundle, secrets, psk, info);
        }
    }

    private static PskSecret pskSecret(List<PreSharedKeyId> ids, List<Secret> keys, SuiteCrypto crypto)
            throws MlsException {
        List<PskInput> inputs = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            inputs.add(new PskInput(SuiteCrypto.encode(ids.get(i)), keys.get(i)));
        }
        return PskSecret.of(inputs, crypto);
    }

    // ---- what it holds

    /** The GroupInfo as it was. */
    public GroupInfo genuine() {
        return genuine;
    }

    /** The joiner secret; it stays this object's. */
    public Secret joinerSecret() {
        return joinerSecret;
    }

    /** The path secret, if there is one; it stays this object's. */
    public Optional<Secret> pathSecret() {
        return pathSecret;
    }

    /** The pre-shared keys. */
    public List<PreSharedKeyId> psks() {
        return psks;
    }

    /** The tree in the GroupInfo. */
    public ForgedTree tree() throws MlsException {
        return ForgedTree.of(extensions.find(ExtensionType.RATCHET_TREE).orElseThrow(), crypto);
    }

    // ---- changes

    /** Names other pre-shared keys; the epoch's secrets stay those of the genuine ones. */
    public WelcomeForge psks(PreSharedKeyId... ids) {
        psks = List.of(ids);
        return this;
    }

    /** Mixes in one pre-shared key in place of the genuine ones. */
    public WelcomeForge psk(PreSharedKeyId id, Secret key) throws MlsException {
        psks = List.of(id);
        psk = pskSecret(psks, List.of(key), crypto);
        return this;
    }

    /** Sends another path secret, or none. */
    public WelcomeForge pathSecret(Optional<Secret> secret) {
        pathSecret = secret;
        return this;
    }

    /** Changes the GroupContext. */
    public WelcomeForge context(UnaryOperator<GroupContext> change) {
        context = change.apply(context);
        return this;
    }

    /** Changes the extensions of the GroupInfo. */
    public WelcomeForge extensions(UnaryOperator<Extensions> change) {
        extensions = change.apply(extensions);
        return this;
    }

    /** Puts in another tree, and its hash. */
    public WelcomeForge tree(ForgedTree tree) throws MlsException {
        Bytes hash = tree.hash();
        extensions = extensions.with(new Extension(ExtensionType.RATCHET_TREE, tree.encoded()));
        return context(old -> new GroupContext(
                old.version(),
                old.cipherSuite(),
                old.groupId(),
                old.epoch(),
                hash,
                old.confirmedTranscriptHash(),
                old.extensions()));
    }

    /** Claims another signer. */
    public WelcomeForge signer(LeafIndex leaf) {
        signer = leaf;
        return this;
    }

    /** Sends this confirmation tag, whatever the right one is. */
    public WelcomeForge confirmationTag(Bytes tag) {
        confirmationTag = Optional.of(tag);
        return this;
    }

    // ---- what comes out

    /** The GroupInfo, signed. */
    public GroupInfo groupInfo(Signer key) throws MlsException {
        Bytes tag = confirmationTag.isPresent() ? confirmationTag.get() : rightTag();
        return GroupInfo.sign(context, extensions, tag, signer, crypto, key);
    }

    /** The secrets of the epoch that the Welcome leads to; the caller's to close. */
    public EpochSecrets epochSecrets() {
        try (MemberSecret member = memberSecret()) {
            return member.epochSecrets(SuiteCrypto.encode(context));
        }
    }

    private Bytes rightTag() {
        try (EpochSecrets epoch = epochSecrets()) {
            return epoch.confirmationTag(context.confirmedTranscriptHash());
        }
    }

    private MemberSecret memberSecret() {
        try (JoinerSecret joiner = JoinerSecret.wrap(joinerSecret.copy())) {
            return MemberSecret.derive(joiner, psk, crypto);
        }
    }

    /** The Welcome for the same key package, its GroupInfo signed by {@code key}. */
    public MlsMessage seal(Signer key) throws MlsException {
        return seal(groupInfo(key).encoded());
    }

    /** The Welcome for the same key package, with these bytes in the place of the GroupInfo. */
    public MlsMessage seal(byte[] groupInfo) throws CryptoException {
        Bytes encrypted;
        try (MemberSecret member = memberSecret();
                WelcomeSecret welcomeKey = member.welcomeSecret()) {
            encrypted = welcomeKey.seal(groupInfo);
        }
        SuiteCrypto.EncryptionContext encryption = crypto.encryptionContext("Welcome", encrypted);
        try (Secret plaintext = new GroupSecrets(
                        joinerSecret.copy(), pathSecret.map(Secret::copy).orElse(null), psks)
                .encode()) {
            HpkeCiphertext ciphertext =
                    crypto.encryptWithLabel(bundle.keyPackage().initKey(), encryption, plaintext);
            Welcome.EncryptedGroupSecrets entry =
                    new Welcome.EncryptedGroupSecrets(bundle.keyPackage().ref(crypto), ciphertext);
            return new MlsMessage(new MlsMessage.Welcome(new Welcome(crypto.suite(), List.of(entry), encrypted)));
        }
    }
}
