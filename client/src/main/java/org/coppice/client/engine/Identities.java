package org.coppice.client.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;

/**
 * The identities that a client has: the present one, former ones that some groups still know it by, and one that is about to become the
 * present one. Guarded by the account's lock.
 */
final class Identities {
    private static final Bytes PRESENT = Bytes.wrap(new byte[] {'p'});
    private static final int VERSION = 1;

    private final Map<SignaturePublicKey, Identity> known = new LinkedHashMap<>();
    private volatile Identity present;
    /** Whether the store has some that cannot be read. */
    private boolean lost;

    private Identities(Identity present) {
        this.present = present;
    }

    /** Stores the identity of a new client. */
    static Identities begin(StoreTransaction records, Identity identity) {
        Identities out = new Identities(identity);
        out.add(records, identity);
        out.makePresent(records, identity);
        return out;
    }

    /** Whether a store has an identity. */
    static boolean exist(StoreTransaction records) {
        return records.get(Spaces.ACCOUNT, PRESENT).isPresent();
    }

    /**
     * Reads the identities of a store.
     *
     * @param signers of the keys that are not in the store: of the present one, and of former ones that a conversation still has
     * @throws StoreException if the records are damaged
     * @throws IllegalArgumentException if the signer of the present key is missing
     */
    static Identities load(StoreTransaction records, ClientEnvironment environment, List<Signer> signers) {
        Bytes key = records.get(Spaces.ACCOUNT, PRESENT)
                .map(Bytes::wrap)
                .orElseThrow(() -> new StoreException(StoreException.Reason.DAMAGED, "the store holds no client"));
        Identity present = records.get(Spaces.IDENTITIES, key)
                .map(stored -> decode(stored, environment, signers))
                .filter(identity -> identity.signer().publicKey().data().equals(key))
                .orElseThrow(
                        () -> new StoreException(StoreException.Reason.DAMAGED, "the client's identity is missing"));
        if (present.signer() instanceof AbsentSigner) {
            throw new IllegalArgumentException("the key of this client is kept elsewhere: hand over its signer");
        }
        Identities out = new Identities(present);
        // Only to read the others: nothing of the transaction is kept.
        out.lost = !records.deleteDamaged(Spaces.IDENTITIES).isEmpty();
        for (StoreTransaction.Stored record : records.all(Spaces.IDENTITIES)) {
            out.lost |= !Damage.isReadable(() -> out.know(decode(record.value(), environment, signers)));
        }
        out.known.remove(present.signer().publicKey());
        out.know(present);
        return out;
    }

    private void know(Identity identity) {
        known.put(identity.signer().publicKey(), identity);
    }

    /** Deletes former identities that could not be read, in the store; how many they are. */
    int deleteLost(StoreTransaction records) {
        if (!lost) {
            return 0;
        }
        lost = false;
        int count = records.deleteDamaged(Spaces.IDENTITIES).size();
        for (StoreTransaction.Stored record : records.all(Spaces.IDENTITIES)) {
            if (!known.containsKey(new SignaturePublicKey(record.key()))) {
                records.delete(Spaces.IDENTITIES, record.key());
                count++;
            }
        }
        return count;
    }

    /** Stands for a signer that was not handed over. */
    private record AbsentSigner(SignaturePublicKey publicKey) implements Signer {
        @Override
        public byte[] sign(byte[] message) throws CryptoException {
            throw new CryptoException(
                    CryptoException.Reason.SIGNER_FAILED, "the signer of a former key was not handed over");
        }
    }

    /** Who the client is now. */
    Identity present() {
        return present;
    }

    /** All, the present one last. */
    List<Identity> all() {
        return List.copyOf(known.values());
    }

    Optional<Identity> of(SignaturePublicKey key) {
        return Optional.ofNullable(known.get(key));
    }

    /** Keeps one more identity. The map in memory may know more than the store after a rollback, which does no harm. */
    void add(StoreTransaction records, Identity identity) {
        records.put(Spaces.IDENTITIES, identity.signer().publicKey().data(), encode(identity));
        know(identity);
    }

    /** Makes an identity that was added the present one, in the store; {@link #presentIs} does so in memory. */
    void makePresent(StoreTransaction records, Identity identity) {
        records.put(
                Spaces.ACCOUNT, PRESENT, identity.signer().publicKey().data().toByteArray());
    }

    void presentIs(Identity identity) {
        present = identity;
    }

    /** Deletes an identity that is not the present one, in the store; {@link #forget} does so in memory. */
    void delete(StoreTransaction records, Identity identity) {
        records.delete(Spaces.IDENTITIES, identity.signer().publicKey().data());
    }

    /** Wipes the key of an identity that was deleted, if it is in this process. */
    void forget(Identity identity) {
        known.remove(identity.signer().publicKey());
        identity.keys().ifPresent(SignatureKeyPair::close);
    }

    private static byte[] encode(Identity identity) {
        try (SecretWriter out = new SecretWriter(512)) {
            out.uint8(VERSION)
                    .struct(identity.client())
                    .struct(identity.suite())
                    .struct(identity.credential())
                    .struct(identity.signer().publicKey());
            out.uint8(identity.keys().isPresent() ? 1 : 0);
            identity.keys().ifPresent(keys -> keys.privateKey().exposeTo(out));
            return out.toByteArray();
        }
    }

    private static Signer signer(List<Signer> signers, SignaturePublicKey key) {
        return signers.stream()
                .filter(candidate -> candidate.publicKey().equals(key))
                .findFirst()
                .orElseGet(() -> new AbsentSigner(key));
    }

    private static Identity decode(byte[] stored, ClientEnvironment environment, List<Signer> signers) {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        try {
            int version = in.uint8();
            if (version != VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "an identity of version " + version);
            }
            ClientId client = ClientId.decode(in);
            CipherSuite suite = CipherSuite.decode(in);
            SuiteCrypto crypto = SuiteCrypto.of(suite, environment.provider(), environment.randomness());
            Credential credential = Credential.decode(in);
            SignaturePublicKey key = SignaturePublicKey.decode(in);
            Identity out = in.present()
                    ? Identity.of(crypto, client, credential, new SignatureKeyPair(Secret.decode(in), key))
                    : Identity.of(crypto, client, credential, signer(signers, key));
            in.expectEnd();
            return out;
        } catch (DecodeException | CryptoException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "an identity cannot be read", e);
        }
    }
}
