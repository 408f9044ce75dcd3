package org.coppice.mls.schedule;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;

/** The secret tree of RFC 9420 §9 written out from its formulas, without memory, deletion or any code of the library. */
final class ReferenceTree {
    private final String mac;
    private final int hashLength;
    private final int keyLength;
    private final int nonceLength;

    ReferenceTree(SuiteCrypto crypto) {
        mac = "HmacSHA" + crypto.hashLength() * 8;
        hashLength = crypto.hashLength();
        keyLength = crypto.parts().aead().keyLength();
        nonceLength = crypto.parts().aead().nonceLength();
    }

    /** Key, then nonce. */
    Bytes keyAndNonce(byte[] root, long leafCount, long leaf, RatchetType type, long generation) {
        return step(ratchet(leafSecret(root, leafCount - 1, leaf), type, 0, generation), generation);
    }

    /** The secret of a leaf below a node whose secret is known. */
    byte[] leafSecret(byte[] nodeSecret, long node, long leaf) {
        byte[] secret = nodeSecret;
        long at = node;
        while (at % 2 != 0) {
            int level = 0;
            while ((at >> level & 1) == 1) {
                level++;
            }
            boolean left = 2 * leaf < at;
            secret = expand(secret, "tree", ascii(left ? "left" : "right"), hashLength);
            at = left ? at - (1L << level - 1) : at + (1L << level - 1);
        }
        if (at != 2 * leaf) {
            throw new IllegalArgumentException("leaf " + leaf + " is not below node " + node);
        }
        return secret;
    }

    byte[] ratchet(byte[] leafSecret, RatchetType type, long from, long to) {
        String label = type == RatchetType.HANDSHAKE ? "handshake" : "application";
        return forward(expand(leafSecret, label, new byte[0], hashLength), from, to);
    }

    byte[] forward(byte[] ratchetSecret, long from, long to) {
        byte[] secret = ratchetSecret;
        for (long j = from; j < to; j++) {
            secret = expand(secret, "secret", uint32(j), hashLength);
        }
        return secret;
    }

    Bytes step(byte[] ratchetSecret, long generation) {
        byte[] key = expand(ratchetSecret, "key", uint32(generation), keyLength);
        byte[] nonce = expand(ratchetSecret, "nonce", uint32(generation), nonceLength);
        return Bytes.wrap(
                ByteBuffer.allocate(keyLength + nonceLength).put(key).put(nonce).array());
    }

    private byte[] expand(byte[] secret, String label, byte[] context, int length) {
        try {
            byte[] full = ascii("MLS 1.0 " + label);
            ByteArrayOutputStream info = new ByteArrayOutputStream();
            info.write(length >> 8);
            info.write(length);
            info.write(full.length);
            info.writeBytes(full);
            info.write(context.length);
            info.writeBytes(context);
            info.write(1);
            Mac hmac = Mac.getInstance(mac);
            hmac.init(new SecretKeySpec(secret, mac));
            return Arrays.copyOf(hmac.doFinal(info.toByteArray()), length);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] uint32(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
