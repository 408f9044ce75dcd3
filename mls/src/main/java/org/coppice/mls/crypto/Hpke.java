package org.coppice.mls.crypto;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/** HPKE base mode (RFC 9180 §5, §6) over a KEM, a hash and an AEAD. Thread safe. */
final class Hpke {
    private static final byte[] EMPTY = new byte[0];

    private final Kem kem;
    private final Aead aead;
    private final Hkdf hkdf;
    private final int hashLength;
    private final byte[] suiteId;
    private final byte[] zeroSalt;
    /** LabeledExtract("", "psk_id_hash", ""): the same in every context of base mode. */
    private final byte[] pskIdHash;

    Hpke(Kem kem, Hash hash, Aead aead) {
        this.kem = kem;
        this.aead = aead;
        this.hkdf = new Hkdf(hash);
        this.hashLength = hash.length();
        this.suiteId = new byte[] {
            'H',
            'P',
            'K',
            'E',
            (byte) (kem.id() >> 8),
            (byte) kem.id(),
            0,
            (byte) hash.algorithm().kdfId(),
            0,
            (byte) aead.algorithm().id()
        };
        this.zeroSalt = new byte[hashLength];
        this.pskIdHash = hkdf.labeledExtract(suiteId, zeroSalt, "psk_id_hash", EMPTY);
    }

    /** The hash of an info string, worth computing once where many messages share it. */
    byte[] infoHash(byte[] info) {
        return hkdf.labeledExtract(suiteId, zeroSalt, "info_hash", info);
    }

    HpkeCiphertext seal(byte[] publicKey, byte[] infoHash, byte[] plaintext, Randomness randomness)
            throws CryptoException {
        Kem.Encapsulation encapsulation = kem.encapsulate(publicKey, randomness);
        try (Context context = new Context(encapsulation.sharedSecret(), infoHash)) {
            return new HpkeCiphertext(Bytes.wrap(encapsulation.encapsulated()), Bytes.wrap(context.seal(plaintext)));
        }
    }

    byte[] open(byte[] privateKey, byte[] ownPublicKey, byte[] infoHash, HpkeCiphertext message)
            throws CryptoException {
        byte[] shared =
                kem.decapsulate(privateKey, ownPublicKey, message.kemOutput().toByteArray());
        try (Context context = new Context(shared, infoHash)) {
            return context.open(message.ciphertext().toByteArray());
        }
    }

    /** RFC 9180 §5.3, sender: encapsulates to {@code publicKey} and exports {@code length} bytes. */
    Kem.Encapsulation sendExport(byte[] publicKey, byte[] exporterContext, int length, Randomness randomness)
            throws CryptoException {
        Kem.Encapsulation encapsulation = kem.encapsulate(publicKey, randomness);
        try (Context context = new Context(encapsulation.sharedSecret(), infoHash(EMPTY))) {
            return new Kem.Encapsulation(context.export(exporterContext, length), encapsulation.encapsulated());
        }
    }

    /** RFC 9180 §5.3, receiver. */
    byte[] receiveExport(
            byte[] privateKey, byte[] ownPublicKey, byte[] encapsulated, byte[] exporterContext, int length)
            throws CryptoException {
        byte[] shared = kem.decapsulate(privateKey, ownPublicKey, encapsulated);
        try (Context context = new Context(shared, infoHash(EMPTY))) {
            return context.export(exporterContext, length);
        }
    }

    /** The key schedule of base mode (RFC 9180 §5.1), for the one message with sequence number 0. */
    private final class Context implements AutoCloseable {
        private final byte[] secret;
        private final byte[] keyScheduleContext;

        Context(byte[] sharedSecret, byte[] infoHash) {
            keyScheduleContext = Hkdf.concat(new byte[] {0}, pskIdHash, infoHash);
            secret = hkdf.labeledExtract(suiteId, sharedSecret, "secret", EMPTY);
            Arrays.fill(sharedSecret, (byte) 0);
        }

        byte[] seal(byte[] plaintext) {
            byte[] key = key();
            byte[] nonce = nonce();
            try {
                return aead.seal(key, nonce, EMPTY, plaintext);
            } finally {
                Arrays.fill(key, (byte) 0);
                Arrays.fill(nonce, (byte) 0);
            }
        }

        byte[] open(byte[] ciphertext) throws CryptoException {
            byte[] key = key();
            byte[] nonce = nonce();
            try {
                return aead.open(key, nonce, EMPTY, ciphertext);
            } finally {
                Arrays.fill(key, (byte) 0);
                Arrays.fill(nonce, (byte) 0);
            }
        }

        private byte[] key() {
            return hkdf.labeledExpand(suiteId, secret, "key", keyScheduleContext, aead.keyLength());
        }

        private byte[] nonce() {
            return hkdf.labeledExpand(suiteId, secret, "base_nonce", keyScheduleContext, aead.nonceLength());
        }

        byte[] export(byte[] exporterContext, int length) {
            byte[] exporterSecret = hkdf.labeledExpand(suiteId, secret, "exp", keyScheduleContext, hashLength);
            byte[] out = hkdf.labeledExpand(suiteId, exporterSecret, "sec", exporterContext, length);
            Arrays.fill(exporterSecret, (byte) 0);
            return out;
        }

        @Override
        public void close() {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
