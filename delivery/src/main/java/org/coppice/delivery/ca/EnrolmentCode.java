package org.coppice.delivery.ca;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;

/**
 * A one-time code that people can type: twenty characters of Crockford's base 32 in groups of five, such as {@code k7f3q-9tm2x-…}. The
 * first six find the code in the database, the other fourteen (70 bits) are its secret, of which only a hash is stored. So wrong attempts
 * can be counted for the code that they are aimed at.
 */
final class EnrolmentCode {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 20;
    private static final int SELECTOR = 6;
    private static final int GROUP = 5;

    private final String characters;

    private EnrolmentCode(String characters) {
        this.characters = characters;
    }

    static EnrolmentCode random(Randomness randomness) {
        byte[] random = randomness.bytes(LENGTH);
        StringBuilder out = new StringBuilder(LENGTH);
        for (byte value : random) {
            out.append(ALPHABET.charAt(value & 0x1f));
        }
        return new EnrolmentCode(out.toString());
    }

    /** The code that somebody typed: case, spaces and hyphens do not matter, and o, i, l are read as the digits that they look like. */
    static Optional<EnrolmentCode> parse(String typed) {
        if (typed.length() > 4 * LENGTH) {
            return Optional.empty();
        }
        String plain = typed.toLowerCase(Locale.ROOT)
                .replaceAll("[\\s-]", "")
                .replace('o', '0')
                .replace('i', '1')
                .replace('l', '1');
        boolean known = plain.length() == LENGTH && plain.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
        return known ? Optional.of(new EnrolmentCode(plain)) : Optional.empty();
    }

    String selector() {
        return characters.substring(0, SELECTOR);
    }

    Bytes secretHash() {
        try {
            byte[] secret = characters.substring(SELECTOR).getBytes(StandardCharsets.US_ASCII);
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** As it is shown to people. */
    String text() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < LENGTH; i += GROUP) {
            out.append(i == 0 ? "" : "-").append(characters, i, i + GROUP);
        }
        return out.toString();
    }

    /** The part that is no secret. */
    @Override
    public String toString() {
        return "EnrolmentCode[" + selector() + "]";
    }
}
