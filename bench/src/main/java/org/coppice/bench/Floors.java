package org.coppice.bench;

import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.Kem;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.crypto.SuiteParts;
import org.coppice.mls.error.CryptoException;

/**
 * The bare cryptography that RFC 9420 demands of an operation, with the same primitives: what a library without any cost of its
 * own would take. What is cheap and plenty, such as the key schedule of a Commit and the encoding, is left out.
 */
final class Floors {
    /** More signatures than this are measured by a sample. */
    private static final int SAMPLE = 200;

    private final SuiteParts parts;
    private final Hash hash;
    private final Aead aead;
    private final Kem kem;
    private final RawKeyPair hpke;
    private final byte[] key;
    private final byte[] nonce;
    private final byte[] secret;
    private final byte[] publicKey;
    private final SignatureScheme.SigningKey signing;
    private final Kem.Encapsulation encapsulation;

    private Floors(Setting setting) throws CryptoException {
        parts = setting.source().crypto().parts();
        hash = parts.hash();
        aead = parts.aead();
        kem = parts.kem();
        key = new byte[aead.keyLength()];
        nonce = new byte[aead.nonceLength()];
        secret = new byte[hash.length()];
        RawKeyPair pair = parts.signatures().generate(setting.source().crypto().randomness());
        publicKey = pair.publicKey();
        signing = parts.signatures().loadPrivate(pair.privateKey(), publicKey);
        hpke = kem.generate(setting.source().crypto().randomness());
        encapsulation =
                kem.encapsulate(hpke.publicKey(), setting.source().crypto().randomness());
    }

    /** 1 signature, 2 AEAD, 10 HMAC. */
    static Operation encrypt(Setting setting) throws CryptoException {
        Floors floors = new Floors(setting);
        byte[] content = new byte[CoppiceOperations.MESSAGE + 300];
        byte[] senderData = new byte[12];
        return () -> {
            int sum = floors.sign(content);
            floors.hmacs(10);
            return sum + floors.seal(content) + floors.seal(senderData);
        };
    }

    /** 1 verification, 2 AEAD, 10 HMAC. */
    static Operation decrypt(Setting setting) throws CryptoException {
        Floors floors = new Floors(setting);
        byte[] content = new byte[CoppiceOperations.MESSAGE + 300];
        byte[] signature =
                floors.signing.sign(content, setting.source().crypto().randomness());
        byte[] first = floors.aead.seal(floors.key, floors.nonce, new byte[0], content);
        byte[] second = floors.aead.seal(floors.key, floors.nonce, new byte[0], new byte[12]);
        return () -> {
            floors.verify(content, signature);
            floors.hmacs(10);
            return floors.open(first) + floors.open(second);
        };
    }

    /** For each node of the path a seal and a key derivation, and 2 signatures. */
    static Operation commit(Setting setting) throws CryptoException {
        Floors floors = new Floors(setting);
        int path = log2(setting.members());
        byte[] content = new byte[300 + 150 * path];
        return () -> {
            int sum = floors.sign(content) + floors.sign(content);
            for (int i = 0; i < path; i++) {
                sum += floors.sealTo() + floors.derive();
            }
            return sum;
        };
    }

    /** 1 open, 1 key derivation since the committer is at the other end of the tree, 2 verifications. */
    static Operation process(Setting setting) throws CryptoException {
        Floors floors = new Floors(setting);
        byte[] content = new byte[300 + 150 * log2(setting.members())];
        byte[] signature =
                floors.signing.sign(content, setting.source().crypto().randomness());
        return () -> {
            floors.verify(content, signature);
            floors.verify(content, signature);
            return floors.openFrom() + floors.derive();
        };
    }

    /** N verifications and 2 N hashes for the tree, 1 open and 1 verification for the Welcome. */
    static Operation join(Setting setting) throws CryptoException {
        return new Bulk(setting, 1, 0);
    }

    /** 2 N verifications, N seals and 2 N hashes. */
    static Operation create(Setting setting) throws CryptoException {
        return new Bulk(setting, 2, 1);
    }

    /** The same for each member. */
    private static final class Bulk implements Operation {
        private final Floors floors;
        private final int verifications;
        private final int seals;
        private final int members;
        private final int sample;
        private final byte[] leaf = new byte[300];
        private final byte[] parent = new byte[140];
        private final byte[] signature;

        Bulk(Setting setting, int verifications, int seals) throws CryptoException {
            this.floors = new Floors(setting);
            this.verifications = verifications;
            this.seals = seals;
            this.members = setting.members();
            this.sample = Math.min(members, SAMPLE);
            this.signature = floors.signing.sign(leaf, setting.source().crypto().randomness());
        }

        @Override
        public Object run() throws CryptoException {
            int sum = 0;
            if (seals == 0 && members == sample) {
                sum += floors.openFrom();
                floors.verify(leaf, signature);
            }
            for (int i = 0; i < sample; i++) {
                for (int j = 0; j < verifications; j++) {
                    floors.verify(leaf, signature);
                }
                for (int j = 0; j < seals; j++) {
                    sum += floors.sealTo();
                }
                sum += floors.hash.hash(leaf)[0] + floors.hash.hash(parent)[0];
            }
            return sum;
        }

        @Override
        public double scale() {
            return (double) members / sample;
        }
    }

    static int log2(int members) {
        return 32 - Integer.numberOfLeadingZeros(members - 1);
    }

    private int sign(byte[] content) throws CryptoException {
        return signing.sign(content, Source.JDK.crypto().randomness()).length;
    }

    /** As members' keys come: raw. */
    private void verify(byte[] content, byte[] signature) throws CryptoException {
        if (!parts.signatures().loadPublic(publicKey).verify(content, signature)) {
            throw new IllegalStateException("a signature that was just made");
        }
    }

    private void hmacs(int count) {
        for (int i = 0; i < count; i++) {
            hash.hmac(secret, secret, 0, secret.length, secret, 0);
        }
    }

    /** With a key of its own each time, as messages have. */
    private int seal(byte[] content) {
        key[0]++;
        if (key[0] == 0) {
            key[1]++;
        }
        return aead.seal(key, nonce, new byte[0], content).length;
    }

    private int open(byte[] sealed) throws CryptoException {
        return aead.open(new byte[aead.keyLength()], nonce, new byte[0], sealed).length;
    }

    /** HPKE base mode: encapsulation, its key schedule of 3 HMAC, and an AEAD. */
    private int sealTo() throws CryptoException {
        int length = kem.encapsulate(hpke.publicKey(), Source.JDK.crypto().randomness())
                .encapsulated()
                .length;
        hmacs(3);
        return length + seal(secret);
    }

    private int openFrom() throws CryptoException {
        int length = kem.decapsulate(hpke.privateKey(), hpke.publicKey(), encapsulation.encapsulated()).length;
        hmacs(3);
        return length + seal(secret);
    }

    private int derive() {
        hmacs(1);
        return kem.deriveKeyPair(secret).publicKey().length;
    }
}
