package org.coppice.testkit.attack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;

/**
 * Somebody who holds secrets that are not his, sees all traffic and all public state, keeps whatever he learns, and tries every key
 * on everything. He obeys no rule of a member: he opens a member's own messages, follows the Commits of the member he robbed, and
 * uses no key up. Whether he succeeded is decided by the tags of the ciphertexts and of the Commits alone.
 *
 * <p>Not thread safe.
 */
public final class Attacker {
    private static final RatchetLimits ANY = new RatchetLimits(1 << 16, 1 << 16, 1 << 20);

    private final SuiteCrypto crypto;
    private final PrivateMessageCipher cipher;
    private final Map<HpkePublicKey, HpkeKeyPair> keys = new LinkedHashMap<>();
    private final Map<GroupContext, Epoch> epochs = new LinkedHashMap<>();
    private final Map<EpochName, Secret> resumptionPsks = new HashMap<>();

    /** Which epoch of which group. */
    private record EpochName(Bytes groupId, long epoch) {}

    /** What he knows of one epoch. */
    private record Epoch(EpochSecrets secrets, SecretTree messageKeys) {}

    /** An attacker with nothing. */
    public Attacker(SuiteCrypto crypto) {
        this.crypto = crypto;
        this.cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
    }

    // ---- theft

    /**
     * Takes all secrets out of the stored records of a group.
     *
     * @param groupId the group's
     * @param records as {@link org.coppice.mls.state.StateStore#load} gave them
     * @param states the public states of the group's epochs, at least of those in the records
     * @throws DecodeException if the records are damaged
     */
    public void steal(Bytes groupId, Map<Bytes, byte[]> records, Map<Long, GroupState> states) throws DecodeException {
        for (Map.Entry<Bytes, byte[]> record : records.entrySet()) {
            if (RecordKind.TREE_KEY.matches(record.getKey())) {
                learn(keyPair(reader(record)));
            } else if (RecordKind.UPDATE_KEY.matches(record.getKey())) {
                TlsReader in = reader(record);
                in.vector(); // whose signature key it comes with
                learn(keyPair(in));
            } else if (RecordKind.RESUMPTION_PSK.matches(record.getKey())) {
                long epoch = ((RecordKey.ResumptionPsk) RecordKey.parse(record.getKey())).epoch();
                resumptionPsks.put(
                        new EpochName(groupId, epoch),
                        Secret.wrap(record.getValue().clone()));
            } else if (RecordKind.EPOCH.matches(record.getKey())) {
                long epoch = ((RecordKey.Epoch) RecordKey.parse(record.getKey())).epoch();
                TlsReader in = reader(record);
                GroupContext context = GroupContext.decode(in);
                in.vector(); // interim transcript hash
                in.vector(); // confirmation tag
                EpochSecrets secrets = EpochSecrets.restore(in, crypto);
                long leaves = states.get(epoch).tree().size();
                // Not over what he knows: from where a Commit that waited was merged, less is left of the epoch before.
                epochs.putIfAbsent(context, new Epoch(secrets, SecretTree.restore(leaves, epoch, records, crypto)));
            }
        }
    }

    private static TlsReader reader(Map.Entry<Bytes, byte[]> record) {
        return new TlsReader(Bytes.copyOf(record.getValue()), DecodeLimits.DEFAULT);
    }

    private static HpkeKeyPair keyPair(TlsReader in) throws DecodeException {
        HpkePublicKey publicKey = HpkePublicKey.decode(in);
        return new HpkeKeyPair(Secret.decode(in), publicKey);
    }

    /** Takes the private keys of a key package that was stored. */
    public void steal(KeyPackageBundle bundle) {
        learn(bundle.initKeyPair());
        learn(bundle.leafKeyPair());
    }

    private void learn(HpkeKeyPair pair) {
        keys.putIfAbsent(pair.publicKey(), pair.copy());
    }

    /** Whether he knows the secrets of the epoch with this context. */
    public boolean knows(GroupContext context) {
        return epochs.containsKey(context);
    }

    // ---- messages

    /** What an application message says, if he can open it; he opens it again whenever he likes. */
    public Optional<Bytes> read(PrivateMessage message) {
        for (Map.Entry<GroupContext, Epoch> known : epochs.entrySet()) {
            if (known.getKey().epoch() == message.epoch()
                    && known.getKey().groupId().equals(message.groupId())) {
                Optional<Bytes> data = read(message, known.getValue());
                if (data.isPresent()) {
                    return data;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Bytes> read(PrivateMessage message, Epoch epoch) {
        if (message.contentType() != ContentType.APPLICATION) {
            throw new IllegalArgumentException("not an application message");
        }
        try {
            SenderData sender = cipher.openSenderData(message, epoch.secrets()::senderDataKeys);
            // Closed without being confirmed, the key stays.
            try (PendingKey key = epoch.messageKeys()
                    .receivingKey(sender.leafIndex(), RatchetType.APPLICATION, sender.generation(), ANY)) {
                AuthenticatedContent content = cipher.open(
                        message, sender, new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce()));
                return Optional.of(((Content.Application) content.content().content()).data());
            }
        } catch (CryptoException | DecodeException | ValidationException e) {
            return Optional.empty(); // no key of his opens it
        }
    }

    // ---- Commits

    /** Tries to get into the epoch that a Commit leads to; whether he is in it is {@link #knows} to tell. */
    public void follow(PublicStep step) {
        // He keeps the keys that he can open even where the rest of the epoch stays closed to him.
        List<CommitSecret> commitSecrets = commitSecrets(step);
        Epoch before = epochs.get(step.before().context());
        Optional<List<PskInput>> psks = psks(step.psks());
        if (before == null || psks.isEmpty()) {
            return;
        }
        try {
            InitSecret init = initSecret(before, step);
            for (CommitSecret commitSecret : commitSecrets) {
                JoinerSecret joiner = JoinerSecret.derive(
                        init, commitSecret, SuiteCrypto.encode(step.after().context()), crypto);
                enter(MemberSecret.derive(joiner, PskSecret.of(psks.get(), crypto), crypto), step.after());
            }
        } catch (CryptoException | ValidationException | IllegalStateException e) {
            return; // the init secret or the external key is gone, or the KEM output is not for it
        }
    }

    /** Tries all keys on a Welcome. */
    public void join(Welcome welcome, GroupState state) {
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", welcome.encryptedGroupInfo());
        for (Welcome.EncryptedGroupSecrets entry : welcome.secrets()) {
            for (HpkeKeyPair pair : List.copyOf(keys.values())) {
                try (Secret plaintext = crypto.decryptWithLabel(pair, context, entry.encryptedGroupSecrets());
                        GroupSecrets secrets = GroupSecrets.decode(Bytes.wrap(plaintext.exposeCopy()))) {
                    secrets.pathSecret().ifPresent(pathSecret -> climb(pathSecret.copy(), depth(state)));
                    JoinerSecret joiner =
                            JoinerSecret.wrap(secrets.joinerSecret().copy());
                    Optional<List<PskInput>> psks = psks(secrets.psks());
                    if (psks.isPresent()) {
                        enter(MemberSecret.derive(joiner, PskSecret.of(psks.get(), crypto), crypto), state);
                    }
                } catch (CryptoException | DecodeException | ValidationException e) {
                    continue; // not for this key
                }
            }
        }
    }

    /** These pre-shared keys, if he has them all. */
    private Optional<List<PskInput>> psks(List<PreSharedKeyId> ids) {
        List<PskInput> out = new ArrayList<>();
        for (PreSharedKeyId id : ids) {
            Secret psk = id instanceof PreSharedKeyId.Resumption resumption
                    ? resumptionPsks.get(new EpochName(resumption.pskGroupId(), resumption.pskEpoch()))
                    : null;
            if (psk == null) {
                return Optional.empty();
            }
            out.add(new PskInput(SuiteCrypto.encode(id), psk));
        }
        return Optional.of(out);
    }

    /** At most so many nodes are above any leaf. */
    private static int depth(GroupState state) {
        return Long.SIZE - Long.numberOfLeadingZeros(state.tree().size());
    }

    private InitSecret initSecret(Epoch before, PublicStep step) throws CryptoException {
        return step.kemOutput().isPresent()
                ? InitSecret.wrap(crypto.externalInit(
                        before.secrets().externalKeyPair(), step.kemOutput().get()))
                : before.secrets().initSecret();
    }

    private void enter(MemberSecret member, GroupState state) {
        EpochSecrets secrets = member.epochSecrets(SuiteCrypto.encode(state.context()));
        try {
            secrets.verifyConfirmationTag(state.context().confirmedTranscriptHash(), state.confirmationTag());
        } catch (ValidationException e) {
            return; // a guess that was wrong
        }
        // Even if he stole the epoch: of that a part was used up.
        epochs.put(
                state.context(),
                new Epoch(secrets, secrets.takeSecretTree(state.tree().size())));
        resumptionPsks.put(
                new EpochName(state.groupId(), state.epoch()),
                secrets.resumptionPsk().copy());
    }

    /** All that the commit secret may be: nothing for a Commit without path, and else whatever the ciphertexts give. */
    private List<CommitSecret> commitSecrets(PublicStep step) {
        List<CommitSecret> out = new ArrayList<>();
        if (step.commit().path().isEmpty()) {
            out.add(CommitSecret.none(crypto));
            return out;
        }
        GroupContext after = step.after().context();
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext(
                "UpdatePathNode",
                SuiteCrypto.encode(step.before().context().provisional(after.treeHash(), after.extensions())));
        List<UpdatePath.Node> nodes = step.commit().path().get().nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (HpkeCiphertext ciphertext : nodes.get(i).encryptedPathSecret()) {
                for (HpkeKeyPair pair : List.copyOf(keys.values())) {
                    try {
                        Secret pathSecret = crypto.decryptWithLabel(pair, context, ciphertext);
                        out.add(CommitSecret.wrap(climb(pathSecret, nodes.size() - i)));
                    } catch (CryptoException e) {
                        continue; // not for this key
                    }
                }
            }
        }
        return out;
    }

    /** Keeps the keys of the nodes from here to the top, and gives what is derived above them. */
    private Secret climb(Secret pathSecret, int nodes) {
        Secret secret = pathSecret;
        for (int i = 0; i < nodes; i++) {
            try (Secret node = crypto.deriveSecret(secret, "node")) {
                learn(crypto.deriveHpkeKeyPair(node));
            }
            secret = crypto.deriveSecret(secret, "path");
        }
        return secret;
    }

    // ---- what he says himself

    /**
     * Himself in the place of a member: with the secrets of the epoch if he knows them, and else, for want of better, with those of the
     * last epochs that he knows.
     *
     * @param state the public state of the epoch
     * @param leaf the member's
     * @param signer signs for him
     */
    List<Insider> posingAs(LeafIndex leaf, Signer signer, GroupState state) {
        Epoch known = epochs.get(state.context());
        List<Epoch> usable = known != null
                ? List.of(known)
                : epochs.values().stream()
                        .filter(epoch -> leaf.value() < epoch.messageKeys().leafCount())
                        .toList();
        return usable.subList(Math.max(0, usable.size() - 2), usable.size()).stream()
                .map(epoch -> Insider.of(crypto, state, leaf, signer, epoch.secrets(), epoch.messageKeys()))
                .toList();
    }

    /** How much he has, never what. */
    @Override
    public String toString() {
        return "Attacker[" + epochs.size() + " epochs, " + keys.size() + " keys]";
    }
}
