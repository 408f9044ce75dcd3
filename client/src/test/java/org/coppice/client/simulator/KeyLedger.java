package org.coppice.client.simulator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;

/**
 * Remembers which key sealed each ciphertext of all clients, and looks at what they hand in. Each key of a ratchet stands for one epoch,
 * leaf, generation and content type; so one key that sealed two different messages that left their client is a generation used twice,
 * whatever state, candidate or fork it came from. The same bytes may be handed in again.
 */
final class KeyLedger implements CryptoProvider {
    private final CryptoProvider inner;
    private final Map<Bytes, Bytes> keys = new HashMap<>();
    private final Map<Bytes, Bytes> handedIn = new HashMap<>();

    KeyLedger(CryptoProvider inner) {
        this.inner = inner;
    }

    /** Notes that a message left its client. */
    void left(MlsMessage message, String who) {
        if (message.body() instanceof PrivateMessage body) {
            Bytes ciphertext = Bytes.copyOf(body.ciphertext().toByteArray());
            Bytes key = keys.get(ciphertext);
            if (key == null) {
                throw new Violation("a message of " + who + " was sealed by nobody");
            }
            Bytes former = handedIn.putIfAbsent(key, ciphertext);
            if (former != null && !former.equals(ciphertext)) {
                throw new Violation(who + " used one ratchet key for two messages, epoch " + body.epoch() + ", "
                        + body.contentType());
            }
        }
    }

    /** How many different messages left. */
    int messages() {
        return handedIn.size();
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return inner.aead(algorithm).map(Noting::new);
    }

    private final class Noting implements Aead {
        private final Aead aead;

        Noting(Aead aead) {
            this.aead = aead;
        }

        @Override
        public AeadAlgorithm algorithm() {
            return aead.algorithm();
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
            byte[] out = aead.seal(key, nonce, aad, plaintext, offset, length);
            keys.put(Bytes.copyOf(out), Bytes.copyOf(key));
            return out;
        }

        @Override
        public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
                throws CryptoException {
            return aead.open(key, nonce, aad, ciphertext, offset, length);
        }
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public int preference(Primitive primitive) {
        return inner.preference(primitive);
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return inner.hash(algorithm);
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return inner.diffieHellman(curve);
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return inner.signatures(algorithm);
    }
}
