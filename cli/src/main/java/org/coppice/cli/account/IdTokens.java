package org.coppice.cli.account;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import picocli.CommandLine.Option;

/** Where an OpenID provider's ID token comes from: a file or standard input, and never the arguments, which all users of a machine see. */
final class IdTokens {
    private static final Path STANDARD_INPUT = Path.of("-");
    private static final int MAX_LENGTH = 1 << 16;
    /** Three parts of base64url (RFC 7515 §3.1). */
    private static final Pattern COMPACT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    @Option(
            names = "--id-token",
            paramLabel = "FILE",
            description =
                    "an ID token of the server's OpenID provider, for a certificate; - for standard input, which is "
                            + "read once the nonce was said that the token has to have")
    private Path file;

    boolean isGiven() {
        return file != null;
    }

    /** The token, after the person was told which one is needed. */
    String read(Terminal terminal, String nonce) {
        terminal.say("the ID token has to have the nonce " + nonce);
        String text;
        try {
            text = file.equals(STANDARD_INPUT) ? firstOf(terminal.in()) : read(file);
        } catch (IOException e) {
            throw CommandFailure.input("cannot read the ID token in " + file, "check its name and permissions");
        }
        String token = text.strip();
        if (!COMPACT.matcher(token).matches()) {
            throw CommandFailure.input(
                    "there is no ID token in " + file,
                    "it is what the provider calls id_token: three parts with dots between");
        }
        return token;
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return firstOf(in);
        }
    }

    private static String firstOf(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_LENGTH), StandardCharsets.US_ASCII);
    }

    /** What to do about a rule by which the authority refuses a token; empty if it is about something else. */
    static String advice(String rule) {
        return switch (rule) {
            case "TOKENS_NOT_TAKEN" ->
                "its operator has named no OpenID provider: ask for a code, and give it with --code";
            case "TOKEN_INVALID" ->
                "it has to be new, for this server, and with the nonce that is said: --id-token - waits for one";
            case "TOKEN_WITHOUT_USER", "WRONG_SUBJECT" -> "take the --name by which the provider knows you";
            case "TOKEN_USED" -> "each token is for one device: get another";
            default -> "";
        };
    }
}
