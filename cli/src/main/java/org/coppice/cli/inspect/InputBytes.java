package org.coppice.cli.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.mls.codec.Bytes;

/** Reads an object that may stand in a file as it is, in hexadecimal digits or in base64. */
public final class InputBytes {
    /** How bytes are written down. */
    public enum Form {
        /** As they are. */
        raw,
        /** Hexadecimal digits, with blanks between them if wanted. */
        hex,
        /** Base64 or base64url, with line breaks or PEM lines if wanted. */
        base64
    }

    private InputBytes() {}

    /**
     * The content of a file.
     *
     * @param name its path, or "-" for standard input
     * @throws CommandFailure if it cannot be read
     */
    public static byte[] read(String name, Terminal terminal) {
        boolean isStandardInput = name.equals("-");
        if (isStandardInput && terminal.inIsTerminal()) {
            terminal.say("reading standard input, up to Ctrl-D; give a file to read that");
        }
        try {
            return isStandardInput ? terminal.in().readAllBytes() : Files.readAllBytes(Path.of(name));
        } catch (NoSuchFileException e) {
            throw CommandFailure.input("no such file: " + name, "give a path, or - for standard input");
        } catch (AccessDeniedException e) {
            throw CommandFailure.input("not readable: " + name, "check its permissions");
        } catch (IOException e) {
            throw CommandFailure.input("cannot read " + name + ": " + e.getMessage(), "is it a file?");
        }
    }

    /**
     * The bytes that stand in {@code content}.
     *
     * @param form how they are written, or null to find out
     * @throws CommandFailure if they are not written like that
     */
    public static Bytes decode(byte[] content, Form form) {
        if (form == Form.raw) {
            return Bytes.copyOf(content);
        }
        String text = text(content);
        if (form == Form.hex || form == null && isHex(text)) {
            return hex(text);
        }
        if (form == Form.base64 || form == null && isBase64(text)) {
            return base64(text);
        }
        return Bytes.copyOf(content);
    }

    /** Bytes as text in quotation marks if they are text, else the first of them in hexadecimal digits. */
    public static String readable(Bytes bytes) {
        String text = Names.text(bytes);
        return text.isEmpty() ? bytes.slice(0, Math.min(8, bytes.length())).toHex() : text;
    }

    /** The visible characters, without what people paste along: blanks, quotation marks, "0x", PEM lines. */
    private static String text(byte[] content) {
        String all = new String(content, StandardCharsets.ISO_8859_1);
        if (all.startsWith("-----BEGIN")) {
            all = all.replaceAll("-----[A-Z ]+-----", "");
        }
        String text = all.replaceAll("[\\s\"']", "");
        return text.startsWith("0x") ? text.substring(2) : text;
    }

    private static boolean isHex(String text) {
        return !text.isEmpty()
                && text.length() % 2 == 0
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    /** Four characters at least: fewer are more likely a tiny object as it is. */
    private static boolean isBase64(String text) {
        return text.length() >= 4 && text.matches("[A-Za-z0-9+/_-]+={0,2}");
    }

    private static Bytes hex(String text) {
        try {
            return Bytes.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.input("not hexadecimal: " + e.getMessage(), "try --form base64 or --form raw");
        }
    }

    private static Bytes base64(String text) {
        try {
            return Bytes.wrap(Base64.getDecoder()
                    .decode(text.replace('-', '+').replace('_', '/').replaceAll("=+$", "")));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.input("not base64: " + e.getMessage(), "try --form hex or --form raw");
        }
    }
}
