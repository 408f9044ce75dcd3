package org.coppice.client.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/**
 * Sixty digits that two people compare to know that nobody stands between them: equal on both sides if each sees the devices and keys
 * that the other has. 30 digits come from each user: the name, and each device with its signature key, hashed 5200 times by SHA-512.
 *
 * @param digits 60 decimal digits
 */
public record SafetyNumber(String digits) {
    private static final int ITERATIONS = 5200;
    private static final int GROUPS = 6;
    private static final byte[] LABEL = "Coppice safety number 1".getBytes(StandardCharsets.US_ASCII);

    /** Checks the form. */
    public SafetyNumber {
        if (digits.length() != 60 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("a safety number has 60 digits");
        }
    }

    /**
     * The number of two users; the same whichever comes first.
     *
     * @param devices the clients of both, each with its key
     * @throws IllegalArgumentException if one of them has no device among {@code devices}
     */
    public static SafetyNumber of(UserName one, UserName other, Collection<MemberInfo> devices) {
        String first = half(one, devices);
        String second = half(other, devices);
        return new SafetyNumber(first.compareTo(second) <= 0 ? first + second : second + first);
    }

    private static String half(UserName user, Collection<MemberInfo> devices) {
        List<Bytes> entries = new ArrayList<>();
        for (MemberInfo device : devices) {
            if (device.client().user().equals(user)) {
                entries.add(new TlsWriter()
                        .struct(device.client())
                        .struct(device.signatureKey())
                        .toBytes());
            }
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("no device of this user");
        }
        Collections.sort(entries);
        TlsWriter input = new TlsWriter().vector(LABEL).struct(user);
        entries.forEach(input::vector);
        byte[] hash = iterate(input.toByteArray());
        StringBuilder out = new StringBuilder();
        for (int group = 0; group < GROUPS; group++) {
            long value = 0;
            for (int i = 0; i < 5; i++) {
                value = value << 8 | hash[5 * group + i] & 0xff;
            }
            String text = Long.toString(value % 100_000);
            out.append("00000", 0, 5 - text.length()).append(text);
        }
        return out.toString();
    }

    private static byte[] iterate(byte[] input) {
        try {
            MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
            byte[] hash = input;
            for (int i = 0; i < ITERATIONS; i++) {
                sha512.update(hash);
                hash = sha512.digest(input);
            }
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every platform has SHA-512", e);
        }
    }

    /** Twelve groups of five digits. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i += 5) {
            out.append(i == 0 ? "" : " ").append(digits, i, i + 5);
        }
        return out.toString();
    }
}
