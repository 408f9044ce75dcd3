package org.coppice.client.scenario;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.crypto.ForwardingAead;
import org.coppice.testkit.crypto.ForwardingDiffieHellman;
import org.coppice.testkit.crypto.ForwardingHash;
import org.coppice.testkit.crypto.ForwardingProvider;
import org.coppice.testkit.crypto.ForwardingSignatures;
import org.coppice.testkit.search.TextForms;
import org.coppice.testkit.search.WindowSearch;

/**
 * Another provider's primitives, which remembers every key that it was given or made: those of HMAC, from which all secrets of MLS are
 * derived, what is derived so, those of the AEADs, and private keys.
 */
final class UsedSecrets extends ForwardingProvider {
    /** Shorter values occur by chance. */
    private static final int SHORTEST = 16;

    /** What a secret was used for that is no label of a derivation. */
    static final String AEAD_KEY = "AEAD key";

    static final String PRIVATE_KEY = "HPKE private key";
    static final String AGREED = "private key that opened or sealed something";
    /** Of the secret tree, after its successors were derived. */
    static final String SPENT = "spent secret of the secret tree";

    static final String INSIDE_HPKE = "secret inside HPKE";

    private static final Set<String> OF_SECRET_TREE = Set.of("tree", "handshake", "application", "secret");
    private static final String MLS = "MLS 1.0 ";
    private static final String HPKE = "HPKE-v1";

    private final Set<Bytes> secrets = ConcurrentHashMap.newKeySet();
    /** By the first bytes, because of what is derived no more is known. */
    private final Map<Bytes, Set<String>> uses = new ConcurrentHashMap<>();

    UsedSecrets(CryptoProvider provider) {
        super(provider);
    }

    /** All so far. */
    Set<Bytes> all() {
        return Set.copyOf(secrets);
    }

    /** The first bytes of a secret. */
    static Bytes prefix(Bytes secret) {
        return secret.slice(0, SHORTEST);
    }

    /** For what the secret with these first bytes was used: labels of the key schedule, and the constants here. */
    Set<String> uses(Bytes prefix) {
        Set<String> out = uses.getOrDefault(prefix, Set.of());
        // DeriveKeyPair makes private keys, which are kept.
        return out.contains(PRIVATE_KEY) && out.contains(INSIDE_HPKE)
                ? out.stream().filter(use -> !use.equals(INSIDE_HPKE)).collect(Collectors.toSet())
                : out;
    }

    /** Those of {@code wanted} of which any 16 bytes are somewhere in {@code file}, as they are, in hexadecimal or in Base64. */
    static Set<Bytes> in(byte[] file, Set<Bytes> wanted) {
        return in(file, search(wanted));
    }

    /** To look for the same in several files. */
    static WindowSearch<Bytes> search(Set<Bytes> wanted) {
        WindowSearch<Bytes> out = new WindowSearch<>();
        for (Bytes secret : wanted) {
            out.add(secret, "bytes", secret.toByteArray(), SHORTEST);
            TextForms.addTo(out, secret, secret.toByteArray(), SHORTEST);
        }
        return out;
    }

    /** What {@code search} finds in {@code file}. */
    static Set<Bytes> in(byte[] file, WindowSearch<Bytes> search) {
        return search.in(file).stream().map(WindowSearch.Hit::value).collect(Collectors.toSet());
    }

    private void add(byte[] secret, String use) {
        add(secret);
        if (secret.length >= SHORTEST) {
            uses.computeIfAbsent(prefix(Bytes.copyOf(secret)), s -> ConcurrentHashMap.newKeySet())
                    .add(use);
        }
    }

    private void add(byte[] secret) {
        boolean isZero = true;
        for (byte b : secret) {
            isZero &= b == 0;
        }
        if (!isZero && secret.length >= SHORTEST) {
            secrets.add(Bytes.copyOf(secret));
        }
    }

    /** Of a KDFLabel (RFC 9420 §8): its length in one byte, then the label itself. */
    private static String label(String input) {
        int at = input.indexOf(MLS);
        int end = Math.min(input.length(), at + input.charAt(at - 1));
        return input.substring(at + MLS.length(), end);
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return super.hash(algorithm).map(KeyedHash::new);
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return super.aead(algorithm).map(KeyedAead::new);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return super.diffieHellman(curve).map(KeyedDiffieHellman::new);
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return super.signatures(algorithm).map(KeyedSignatures::new);
    }

    private final class KeyedHash extends ForwardingHash {
        KeyedHash(Hash hash) {
            super(hash);
        }

        @Override
        public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
            add(key);
            String input = new String(in, offset, length, StandardCharsets.ISO_8859_1);
            super.hmac(key, in, offset, length, out, outOffset);
            // Not a MAC, and not what an application asked for, to use as it likes.
            byte[] derived = Arrays.copyOfRange(out, outOffset, outOffset + SHORTEST);
            if (input.contains(HPKE)) {
                add(derived, INSIDE_HPKE);
            } else if (input.contains(MLS) && !input.contains(MLS + "exported")) {
                String label = label(input);
                add(derived, label);
                if (OF_SECRET_TREE.contains(label)) {
                    add(key, SPENT);
                }
            }
        }
    }

    private final class KeyedAead extends ForwardingAead {
        KeyedAead(Aead aead) {
            super(aead);
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
            add(key, AEAD_KEY);
            return super.seal(key, nonce, aad, plaintext, offset, length);
        }

        @Override
        public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
                throws CryptoException {
            add(key, AEAD_KEY);
            return super.open(key, nonce, aad, ciphertext, offset, length);
        }
    }

    private final class KeyedDiffieHellman extends ForwardingDiffieHellman {
        KeyedDiffieHellman(DiffieHellman dh) {
            super(dh);
        }

        @Override
        public RawKeyPair generate() {
            RawKeyPair pair = super.generate();
            add(pair.privateKey(), PRIVATE_KEY);
            return pair;
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            add(privateKey, PRIVATE_KEY);
            return super.publicKey(privateKey);
        }

        @Override
        public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
            add(privateKey, PRIVATE_KEY);
            add(privateKey, AGREED);
            return super.agree(privateKey, ownPublicKey, peerPublicKey);
        }
    }

    private final class KeyedSignatures extends ForwardingSignatures {
        KeyedSignatures(SignatureScheme signatures) {
            super(signatures);
        }

        @Override
        public RawKeyPair generate(Randomness randomness) {
            RawKeyPair pair = super.generate(randomness);
            add(pair.privateKey());
            return pair;
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            add(privateKey);
            return super.publicKey(privateKey);
        }

        @Override
        public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
            add(privateKey);
            return super.loadPrivate(privateKey, publicKey);
        }
    }
}
