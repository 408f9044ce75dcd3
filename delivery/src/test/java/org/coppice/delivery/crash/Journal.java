package org.coppice.delivery.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.error.DecodeException;

/**
 * What clients of a process that may be killed at any moment asked and were answered: a line for each, written by one call before the
 * next step. The system keeps what was written when the process is gone.
 */
final class Journal implements AutoCloseable {
    /** What is asked, each with the form of its body. */
    enum Kind {
        CREATE,
        COMMIT,
        SEND,
        PUBLISH,
        CLAIM
    }

    /** A line. */
    sealed interface Line {}

    record Asked(ClientId client, RequestId request, Kind kind, Bytes body) implements Line {}

    /** The outcome is empty if the service refused. */
    record Answered(ClientId client, RequestId request, Optional<Outcome> outcome) implements Line {}

    record Welcomed(ClientId client, InboxEntry entry) implements Line {}

    /** A GroupInfo came; {@code known} is the last entry that the client had seen in the log when it asked. */
    record Informed(ClientId client, Bytes groupId, long epoch, long known) implements Line {}

    private static final String WELCOME = "WELCOME";

    private final FileOutputStream out;

    Journal(Path file) throws IOException {
        out = new FileOutputStream(file.toFile(), true);
    }

    void asked(ClientId client, RequestId request, Kind kind, Encodable body) throws IOException {
        write("I " + client + " " + request + " " + kind + " " + text(body));
    }

    void answered(ClientId client, RequestId request, Outcome outcome) throws IOException {
        write("A " + client + " " + request + " " + text(outcome));
    }

    void refused(ClientId client, RequestId request) throws IOException {
        write("R " + client + " " + request);
    }

    void welcomed(ClientId client, InboxEntry entry) throws IOException {
        write("W " + client + " " + text(entry));
    }

    void informed(Informed line) throws IOException {
        write("G " + line.client() + " " + line.groupId().toHex() + " " + line.epoch() + " " + line.known());
    }

    private static String text(Encodable value) {
        return Base64.getEncoder().encodeToString(value.encoded());
    }

    private synchronized void write(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** All whole lines of all journals in a directory, those of a node in their order. */
    static List<Line> readAll(Path directory) throws IOException {
        List<Line> out = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".journal"))
                    .sorted()
                    .toList()) {
                String all = Files.readString(file, StandardCharsets.US_ASCII);
                // The last piece is empty, or a line that the kill cut off.
                for (String line : all.substring(0, all.lastIndexOf('\n') + 1).split("\n")) {
                    if (!line.isEmpty()) {
                        out.add(parse(line.split(" ")));
                    }
                }
            }
        }
        return out;
    }

    /** What can be confirmed: each kind of write, and a Welcome that was fetched. */
    static final Set<String> CONFIRMABLE = confirmable();

    private static Set<String> confirmable() {
        Set<String> out = new TreeSet<>(List.of(WELCOME));
        for (Kind kind : Kind.values()) {
            out.add(kind.name());
        }
        return out;
    }

    /** What of {@link #CONFIRMABLE} was confirmed, in any life. */
    static Set<String> confirmed(Path directory) throws IOException {
        Set<String> out = new TreeSet<>();
        Map<RequestId, Kind> asked = new HashMap<>();
        for (Line line : readAll(directory)) {
            if (line instanceof Asked one) {
                asked.put(one.request(), one.kind());
            } else if (line instanceof Answered answer && answer.outcome().isPresent()) {
                out.add(asked.get(answer.request()).name());
            } else if (line instanceof Welcomed) {
                out.add(WELCOME);
            }
        }
        return out;
    }

    private static Line parse(String[] words) {
        ClientId client = ClientId.parse(words[1]);
        return switch (words[0]) {
            case "I" -> new Asked(client, RequestId.parse(words[2]), Kind.valueOf(words[3]), bytes(words[4]));
            case "A" -> new Answered(client, RequestId.parse(words[2]), Optional.of(decode(words[3], Outcome::decode)));
            case "R" -> new Answered(client, RequestId.parse(words[2]), Optional.empty());
            case "W" -> new Welcomed(client, decode(words[2], InboxEntry::decode));
            case "G" ->
                new Informed(client, Bytes.fromHex(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
            default -> throw new AssertionError(words[0]);
        };
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(Base64.getDecoder().decode(text));
    }

    private static <T> T decode(String text, Decoder<T> decoder) {
        try {
            return decoder.decodeAll(bytes(text), DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
