package org.coppice.client.simulator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.testkit.crypto.ForwardingAead;
import org.coppice.testkit.crypto.ForwardingProvider;

/**
 * Remembers which key sealed each ciphertext of all clients, and looks at what they hand in. Each key of a ratchet stands for one epoch,
 * leaf, generation and content type; so one key that sealed two different messages that left their client is a generation used twice,
 * whatever state, candidate or fork it came from. The same bytes may be handed in again.
 */
final class KeyLedger extends ForwardingProvider {
    private final Map<Bytes, Bytes> keys = new HashMap<>();
    private final Map<Bytes, Bytes> handedIn = new HashMap<>();

    KeyLedger(CryptoProvider provider) {
        super(provider);
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
        return super.aead(algorithm).map(Noting::new);
    }

    private final class Noting extends ForwardingAead {
        Noting(Aead aead) {
            super(aead);
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
            byte[] out = super.seal(key, nonce, aad, plaintext, offset, length);
            keys.put(Bytes.copyOf(out), Bytes.copyOf(key));
            return out;
        }
    }
}
