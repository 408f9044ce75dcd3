package org.coppice.mls.schedule;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.schedule.EpochSecretSet.Name;

/**
 * The secrets of one epoch (RFC 9420 §8), except those of the messages, which {@link #takeSecretTree} hands over once.
 *
 * <p>One owner, who wipes all with {@link #close()}. When the epoch is past and kept for late messages, {@link #retire()} wipes
 * what only the present epoch needs. A secret that was wiped throws {@link IllegalStateException} when asked for. Not thread
 * safe.
 */
public final class EpochSecrets implements AutoCloseable {
    private final SuiteCrypto crypto;
    private final EpochSecretSet secrets;
    private final InitSecret initSecret;
    private HpkeKeyPair externalKeyPair;

    private EpochSecrets(SuiteCrypto crypto, EpochSecretSet secrets) {
        this.crypto = crypto;
        this.secrets = secrets;
        this.initSecret = secrets.has(Name.INIT) ? InitSecret.wrap(secrets.get(Name.INIT)) : null;
    }

    /**
     * The secrets of an epoch; the caller's to close.
     *
     * @param epoch stays the caller's, who closes it at once
     */
    public static EpochSecrets derive(EpochSecret epoch, SuiteCrypto crypto) {
        return new EpochSecrets(crypto, EpochSecretSet.derive(epoch.value(), crypto));
    }

    /**
     * The secrets of epoch 0 (RFC 9420 §11).
     *
     * @param epochSecret Nh random bytes; taken over and wiped
     * @throws IllegalArgumentException if it has another length
     */
    public static EpochSecrets first(Secret epochSecret, SuiteCrypto crypto) {
        try (EpochSecret epoch = EpochSecret.wrap(epochSecret)) {
            if (epochSecret.length() != crypto.hashLength()) {
                throw new IllegalArgumentException("an epoch secret has " + crypto.hashLength() + " bytes");
            }
            return derive(epoch, crypto);
        }
    }

    /** The operations of the group's cipher suite. */
    public SuiteCrypto crypto() {
        return crypto;
    }

    // ---- confirmation and membership

    /**
     * confirmation_tag of the Commit that starts this epoch (RFC 9420 §6.1).
     *
     * @param confirmedTranscriptHash that of this epoch
     */
    public Bytes confirmationTag(Bytes confirmedTranscriptHash) {
        return crypto.mac(secrets.get(Name.CONFIRMATION), confirmedTranscriptHash);
    }

    /**
     * Checks the confirmation_tag of the Commit, or the GroupInfo, that leads into this epoch: over its full length, in constant
     * time.
     *
     * @param confirmedTranscriptHash that of this epoch
     * @throws ValidationException if it is wrong ({@link Rule#CONFIRMATION_TAG})
     */
    public void verifyConfirmationTag(Bytes confirmedTranscriptHash, Bytes tag) throws ValidationException {
        if (!crypto.verifyMac(secrets.get(Name.CONFIRMATION), confirmedTranscriptHash, tag)) {
            throw new ValidationException(Rule.CONFIRMATION_TAG);
        }
    }

    /**
     * membership_tag of a PublicMessage of this epoch (RFC 9420 §6.2).
     *
     * @param tbm the encoded AuthenticatedContentTBM
     */
    public Bytes membershipTag(Bytes tbm) {
        return crypto.mac(secrets.get(Name.MEMBERSHIP), tbm);
    }

    /**
     * Checks the membership_tag of a PublicMessage of this epoch: over its full length, in constant time.
     *
     * @param tbm the encoded AuthenticatedContentTBM
     * @throws ValidationException if it is wrong ({@link Rule#MEMBERSHIP_TAG})
     */
    public void verifyMembershipTag(Bytes tbm, Bytes tag) throws ValidationException {
        if (!crypto.verifyMac(secrets.get(Name.MEMBERSHIP), tbm, tag)) {
            throw new ValidationException(Rule.MEMBERSHIP_TAG);
        }
    }

    // ---- messages

    /**
     * Key and nonce of the sender data of one PrivateMessage (RFC 9420 §6.3.2); the caller's to close.
     *
     * @param ciphertext the encrypted content; only its first Nh bytes matter
     */
    public SenderDataKeys senderDataKeys(Bytes ciphertext) {
        return SenderDataKeys.derive(secrets.get(Name.SENDER_DATA), ciphertext, crypto);
    }

    /**
     * Hands over encryption_secret as the tree of message keys (RFC 9420 §9); the caller's to close.
     *
     * @param leafCount how many leaves the ratchet tree of this epoch has, blank ones included: a power of two
     * @throws IllegalStateException if it was handed over before
     */
    public SecretTree takeSecretTree(long leafCount) {
        Secret encryption = secrets.get(Name.ENCRYPTION);
        SecretTree tree = SecretTree.of(encryption, leafCount, crypto);
        secrets.release(Name.ENCRYPTION);
        return tree;
    }

    // ---- what others build on

    /**
     * MLS-Exporter (RFC 9420 §8.5); the caller's to close.
     *
     * @param label tells the purpose; ASCII
     * @param context binds the value to something, may be empty
     * @param length in bytes, at most 65535 and 255 Nh
     * @throws IllegalArgumentException if the label has other characters or the length is out of range
     */
    public Secret export(String label, Bytes context, int length) {
        // Other characters would all be encoded as "?", and so two labels give one secret.
        if (!label.chars().allMatch(c -> c < 0x80)) {
            throw new IllegalArgumentException("the label of an exporter is ASCII");
        }
        try (Secret derived = crypto.deriveSecret(secrets.get(Name.EXPORTER), label)) {
            return crypto.expandWithLabel(derived, "exported", crypto.hash(context), length);
        }
    }

    /** epoch_authenticator, for comparison out of band (RFC 9420 §8.7). */
    public Bytes epochAuthenticator() {
        return Bytes.wrap(secrets.get(Name.AUTHENTICATION).exposeCopy());
    }

    /** resumption_psk of this epoch (RFC 9420 §8.6); it stays this object's. */
    public Secret resumptionPsk() {
        return secrets.get(Name.RESUMPTION);
    }

    /** The key pair by which others join (RFC 9420 §8), computed at the first call; it stays this object's. */
    public HpkeKeyPair externalKeyPair() {
        Secret external = secrets.get(Name.EXTERNAL);
        if (externalKeyPair == null) {
            externalKeyPair = crypto.deriveHpkeKeyPair(external);
        }
        return externalKeyPair;
    }

    /** init_secret, with which the next epoch begins; it stays this object's. */
    public InitSecret initSecret() {
        secrets.get(Name.INIT);
        return initSecret;
    }

    // ---- storage

    /** All secrets that are left, with an owner of its own: to be retired or entered beside this one. */
    public EpochSecrets copy() {
        return new EpochSecrets(crypto, secrets.copy());
    }

    /**
     * Appends all secrets that are left; the writer has to be wiped. The format is a version (u8, 1) and nine vectors: the secrets
     * that RFC 9420 §8 derives with the labels "sender data", "encryption", "exporter", "external", "confirm", "membership",
     * "resumption", "authentication" and "init". A secret that was wiped or handed over is an empty vector.
     */
    public void exposeTo(SecretWriter out) {
        secrets.exposeTo(out);
    }

    /**
     * Reads what {@link #exposeTo} wrote. If that fails half way, the reader's {@link org.coppice.mls.codec.DecodedSecrets} have what was
     * read.
     *
     * @throws DecodeException if it is something else, or of another cipher suite ({@link Rule#STORED_STATE})
     */
    public static EpochSecrets restore(TlsReader in, SuiteCrypto crypto) throws DecodeException {
        return new EpochSecrets(crypto, EpochSecretSet.restore(in, crypto));
    }

    // ---- the end

    /**
     * Wipes what only the present epoch needs, once the next is entered: sender_data_secret is left, to open late messages. Also
     * wiped is {@link #resumptionPsk()}, which may be kept for another number of epochs than messages are (RFC 9420 §8.6).
     */
    public void retire() {
        for (Name name : Name.values()) {
            if (name != Name.SENDER_DATA) {
                wipe(name);
            }
        }
    }

    /** Whether nothing is left. */
    public boolean isClosed() {
        return secrets.size() == 0;
    }

    /** Wipes all secrets that were not handed over. Closing twice does nothing. */
    @Override
    public void close() {
        for (Name name : Name.values()) {
            wipe(name);
        }
    }

    private void wipe(Name name) {
        secrets.wipe(name);
        if (name == Name.EXTERNAL && externalKeyPair != null) {
            externalKeyPair.close();
            externalKeyPair = null;
        }
    }

    /** How many secrets are left, never their contents. */
    @Override
    public String toString() {
        return "EpochSecrets[" + Objects.toString(crypto.suite()) + ", " + secrets.size() + " secrets]";
    }
}
