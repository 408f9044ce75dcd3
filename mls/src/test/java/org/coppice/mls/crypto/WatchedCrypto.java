package org.coppice.mls.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/**
 * The JDK's primitives, which remember every array with a secret that went in or out, so that a test can look what was left in
 * memory. What is derived and never used is not seen. For one thread.
 */
public final class WatchedCrypto implements CryptoProvider {
    private static final byte[] LABELED = "HPKE-v1".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_SECRET = 200;
    private static final int SENDER_DATA = 12;

    private final CryptoProvider jdk = CryptoProviders.jdk();
    private final Set<byte[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Outputs of the bare hash function: transcript hashes, which are public. */
    private final Set<Bytes> hashes = new HashSet<>();

    private int sealsLeft = Integer.MAX_VALUE;

    /** After {@code count} more encryptions each throws. */
    public void failSealingAfter(int count) {
        sealsLeft = count;
    }

    /** How many arrays with secrets were seen so far. */
    public int seen() {
        return seen.size();
    }

    /** The arrays that still hold a secret and belong to none of these owners. */
    public List<byte[]> leftBy(Set<Secret> owners) {
        Set<byte[]> owned = Collections.newSetFromMap(new IdentityHashMap<>());
        owners.stream().filter(secret -> !secret.isClosed()).forEach(secret -> owned.add(secret.raw()));
        return seen.stream()
                .filter(array -> !owned.contains(array) && !isZero(array))
                .toList();
    }

    private static boolean isZero(byte[] array) {
        return Arrays.equals(array, new byte[array.length]);
    }

    @Override
    public String name() {
        return "watched";
    }

    @Override
    public int preference(Primitive primitive) {
        return jdk.preference(primitive);
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return jdk.hash(algorithm).map(WatchedHash::new);
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return jdk.aead(algorithm).map(WatchedAead::new);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return jdk.diffieHellman(curve).map(WatchedDiffieHellman::new);
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return jdk.signatures(algorithm);
    }

    @Override
    public Optional<SuiteParts> suite(CipherSuite suite) {
        return CryptoProvider.super
                .suite(suite)
                .map(parts -> new SuiteParts(
                        suite, new WatchedKem(parts.kem()), parts.hash(), parts.aead(), parts.signatures()));
    }

    private final class WatchedHash implements Hash {
        private final Hash hash;

        WatchedHash(Hash hash) {
            this.hash = hash;
        }

        @Override
        public HashAlgorithm algorithm() {
            return hash.algorithm();
        }

        @Override
        public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
            hash.hash(in, offset, length, out, outOffset);
            hashes.add(Bytes.copyOf(Arrays.copyOfRange(out, outOffset, outOffset + length())));
        }

        @Override
        public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
            seen.add(key);
            if (offset == 0 && length == in.length && isKeyingMaterial(in)) {
                seen.add(in);
            }
            hash.hmac(key, in, offset, length, out, outOffset);
        }

        /** Extract hands over its input as it is, and so does HPKE's with a label before it; MACs are over public values. */
        private boolean isKeyingMaterial(byte[] in) {
            return in.length == length() && !hashes.contains(Bytes.copyOf(in))
                    || Arrays.equals(Arrays.copyOf(in, LABELED.length), LABELED);
        }
    }

    private final class WatchedAead implements Aead {
        private final Aead aead;

        WatchedAead(Aead aead) {
            this.aead = aead;
        }

        @Override
        public AeadAlgorithm algorithm() {
            return aead.algorithm();
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
            seen.add(key);
            seen.add(nonce);
            if (isSecret(plaintext)) {
                seen.add(plaintext);
            }
            if (sealsLeft == 0) {
                throw new IllegalStateException("the library was lost");
            }
            sealsLeft--;
            return aead.seal(key, nonce, aad, plaintext, offset, length);
        }

        @Override
        public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
                throws CryptoException {
            seen.add(key);
            seen.add(nonce);
            byte[] out = aead.open(key, nonce, aad, ciphertext, offset, length);
            // With data beside it, it is of a message, which belongs to the application.
            if (aad.length == 0 && isSecret(out)) {
                seen.add(out);
            }
            return out;
        }

        /** Neither a GroupInfo, which is longer than any secret here, nor sender data: no key follows from them. */
        private boolean isSecret(byte[] plaintext) {
            return plaintext.length < LONGEST_SECRET && plaintext.length != SENDER_DATA;
        }
    }

    private final class WatchedDiffieHellman implements DiffieHellman {
        private final DiffieHellman dh;

        WatchedDiffieHellman(DiffieHellman dh) {
            this.dh = dh;
        }

        @Override
        public NamedCurve curve() {
            return dh.curve();
        }

        @Override
        public RawKeyPair generate() {
            RawKeyPair out = dh.generate();
            seen.add(out.privateKey());
            return out;
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            seen.add(privateKey);
            return dh.publicKey(privateKey);
        }

        @Override
        public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
            seen.add(privateKey);
            byte[] out = dh.agree(privateKey, ownPublicKey, peerPublicKey);
            seen.add(out);
            return out;
        }
    }

    private final class WatchedKem extends ForwardingKem {
        WatchedKem(Kem kem) {
            super(kem);
        }

        @Override
        public RawKeyPair deriveKeyPair(byte[] ikm) {
            seen.add(ikm);
            return super.deriveKeyPair(ikm);
        }

        @Override
        public Encapsulation encapsulate(byte[] publicKey, Randomness randomness) throws CryptoException {
            Encapsulation out = super.encapsulate(publicKey, randomness);
            seen.add(out.sharedSecret());
            return out;
        }

        @Override
        public byte[] decapsulate(byte[] privateKey, byte[] ownPublicKey, byte[] encapsulated) throws CryptoException {
            byte[] out = super.decapsulate(privateKey, ownPublicKey, encapsulated);
            seen.add(out);
            return out;
        }
    }
}
