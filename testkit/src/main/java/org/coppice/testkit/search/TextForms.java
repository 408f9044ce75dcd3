package org.coppice.testkit.search;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** How a secret is written as text: in hexadecimal, or somewhere in what is Base64 of something longer. */
public final class TextForms {
    private static final int GROUP = 3;

    private TextForms() {}

    /**
     * Has every text be looked for, of one byte each character, that shows {@code window} bytes of a secret, wherever they begin in it
     * and in what is encoded with it.
     *
     * @param search takes the forms
     */
    public static <T> void addTo(WindowSearch<T> search, T value, byte[] secret, int window) {
        addHex(search, value, secret, window, HexFormat.of());
        addHex(search, value, secret, window, HexFormat.of().withUpperCase());
        for (int before = 0; before < GROUP; before++) {
            String form = "Base64 after " + before + " bytes";
            String standard = base64(secret, before, Base64.getEncoder());
            search.add(value, form, ascii(standard), characters(window));
            String forUrls = base64(secret, before, Base64.getUrlEncoder());
            if (!forUrls.equals(standard)) {
                search.add(value, form + " for URLs", ascii(forUrls), characters(window));
            }
        }
    }

    private static <T> void addHex(WindowSearch<T> search, T value, byte[] secret, int window, HexFormat format) {
        search.add(value, "hexadecimal", ascii(format.formatHex(secret)), 2 * window);
    }

    /** Of the characters of a Base64 text those that depend on the secret alone, when {@code before} bytes come before it. */
    private static String base64(byte[] secret, int before, Base64.Encoder encoder) {
        byte[] all = new byte[before + secret.length];
        System.arraycopy(secret, 0, all, before, secret.length);
        String text = encoder.withoutPadding().encodeToString(all);
        int first = (8 * before + 5) / 6;
        int end = 8 * all.length / 6;
        return text.substring(first, end);
    }

    /** How many whole characters a run of so many bytes has at the least, however it lies. */
    private static int characters(int window) {
        return (8 * window - 4) / 6;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
