package org.coppice.client.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.coppice.mls.codec.Bytes;

/** HMAC-SHA256 as a pseudorandom function with a label for each purpose. */
final class Prf {
    private Prf() {}

    /** 32 bytes, in a new array. */
    static byte[] of(byte[] key, String purpose, Bytes input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(("Coppice store 1 " + purpose + "\0").getBytes(StandardCharsets.US_ASCII));
            input.feed(mac::update);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every platform has HMAC-SHA256", e);
        }
    }
}
