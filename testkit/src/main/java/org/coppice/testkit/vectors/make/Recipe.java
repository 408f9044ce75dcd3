package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.testkit.SeededRandomness;

/**
 * What one case is made from.
 *
 * @param crypto of the case's suite, drawing from {@code random}
 * @param provider where that came from
 * @param random the case's own stream
 * @param index the case's number among those of its kind and suite
 */
record Recipe(SuiteCrypto crypto, CryptoProvider provider, SeededRandomness random, int index) {
    int hashLength() {
        return crypto.hashLength();
    }

    int keyLength() {
        return crypto.parts().aead().keyLength();
    }

    int nonceLength() {
        return crypto.parts().aead().nonceLength();
    }

    Bytes bytes(int length) {
        return Bytes.wrap(random.bytes(length));
    }

    /** Random bytes as long as the suite's hash. */
    Bytes hashBytes() {
        return bytes(hashLength());
    }

    /** A number from 0 to 2^31 - 1. */
    long number() {
        return random.below(Integer.MAX_VALUE);
    }

    /** A word for a label. */
    String word() {
        return "label " + bytes(4).toHex();
    }

    // ---- the labelled operations on public bytes: what is secret elsewhere stands in a vector for all to see

    Bytes expand(Bytes secret, String label, Bytes context, int length) {
        return bytes(crypto.expandWithLabel(secret(secret), label, context, length));
    }

    Bytes derive(Bytes secret, String label) {
        return bytes(crypto.deriveSecret(secret(secret), label));
    }

    Bytes extract(Bytes salt, Bytes ikm) {
        return bytes(crypto.extract(secret(salt), secret(ikm)));
    }

    Bytes mac(Bytes key, Bytes input) {
        return crypto.mac(secret(key), input);
    }

    static Secret secret(Bytes bytes) {
        return Secret.wrap(bytes.toByteArray());
    }

    static Bytes bytes(Secret secret) {
        return Bytes.wrap(secret.exposeCopy());
    }

    static Bytes privateKey(HpkeKeyPair pair) {
        return bytes(pair.privateKey());
    }

    static Bytes privateKey(SignatureKeyPair pair) {
        return bytes(pair.privateKey());
    }

    static Bytes concat(Bytes... parts) {
        TlsWriter out = new TlsWriter();
        for (Bytes part : parts) {
            out.raw(part);
        }
        return out.toBytes();
    }

    static Bytes encode(Encodable value) {
        return SuiteCrypto.encode(value);
    }

    // ---- JSON

    /** Puts bytes as hexadecimal digits. */
    static void put(ObjectNode out, String name, Bytes value) {
        out.put(name, value.toHex());
    }

    static void put(ObjectNode out, String name, Encodable value) {
        put(out, name, encode(value));
    }
}
