package org.coppice.cli.account;

import java.io.Console;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import picocli.CommandLine.Option;

/** Where the passphrase of a store comes from: a file, the environment, or the person at the terminal. */
public final class Passphrases {
    private static final String VARIABLE = "COPPICE_PASSPHRASE";

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "the store's passphrase is the first line of this file (default: $COPPICE_PASSPHRASE, or a "
                    + "question at the terminal)")
    private Path file;

    Passphrases() {}

    /** The passphrase of an account that is there; the caller wipes it. */
    char[] ofExisting(AccountPlace place) {
        return given().orElseGet(() -> ask("Passphrase of " + place.client() + ": ", place));
    }

    /** The passphrase of a new account, asked for twice; empty for none. */
    char[] ofNew(AccountPlace place) {
        return given().orElseGet(() -> {
            char[] first = ask("Passphrase for the keys of " + place.client() + " (empty for none): ", place);
            if (first.length > 0) {
                char[] again = ask("The same again: ", place);
                boolean same = Arrays.equals(first, again);
                Arrays.fill(again, '\0');
                if (!same) {
                    Arrays.fill(first, '\0');
                    throw CommandFailure.input("the two passphrases differ", "try again");
                }
            }
            return first;
        });
    }

    /** Whether it can be had without asking a person. */
    boolean isGiven() {
        return file != null || System.getenv(VARIABLE) != null;
    }

    private Optional<char[]> given() {
        if (file != null) {
            return Optional.of(firstLine(file));
        }
        return Optional.ofNullable(System.getenv(VARIABLE)).map(String::toCharArray);
    }

    private static char[] firstLine(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw CommandFailure.input("cannot read the passphrase file " + file, "check its name and permissions");
        }
        CharBuffer text = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(bytes));
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        char[] out = new char[end];
        text.get(out);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(text.array(), '\0');
        if (end == 0) {
            throw CommandFailure.input("the passphrase file " + file + " begins with an empty line", "");
        }
        return out;
    }

    private static char[] ask(String question, AccountPlace place) {
        Console console = System.console();
        if (console == null) {
            throw CommandFailure.input(
                    "no terminal to ask for the passphrase of " + place.client(),
                    "set " + VARIABLE + ", or give --passphrase-file FILE");
        }
        char[] out = console.readPassword("%s", question);
        if (out == null) {
            throw CommandFailure.input("no passphrase given", "");
        }
        return out;
    }
}
