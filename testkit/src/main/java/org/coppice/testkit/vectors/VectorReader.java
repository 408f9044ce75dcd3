package org.coppice.testkit.vectors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file of test vectors case by case, so that a file of any length needs the memory of one case. The kind is recognised
 * from the fields of each case. Not thread safe.
 */
public final class VectorReader implements Closeable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonParser parser;
    private final String source;
    private final boolean isArray;
    private int index;
    private boolean ended;

    private VectorReader(JsonParser parser, String source) throws IOException, VectorFormatException {
        this.parser = parser;
        this.source = source;
        JsonToken first = next();
        isArray = first == JsonToken.START_ARRAY;
        if (!isArray && first != JsonToken.START_OBJECT) {
            throw new VectorFormatException(source + " holds neither a list of cases nor a case");
        }
    }

    /**
     * Opens a file.
     *
     * @throws VectorFormatException if it is no JSON, or neither an array nor an object
     */
    public static VectorReader open(Path file) throws IOException, VectorFormatException {
        return open(Files.newInputStream(file), String.valueOf(file.getFileName()));
    }

    /**
     * Reads a stream, which is closed with this reader.
     *
     * @param source a name for reports, and a hint at the kind
     * @throws VectorFormatException if it is no JSON, or neither an array nor an object
     */
    public static VectorReader open(InputStream in, String source) throws IOException, VectorFormatException {
        try {
            return new VectorReader(MAPPER.getFactory().createParser(in), source);
        } catch (IOException | VectorFormatException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The next case; empty at the end.
     *
     * @throws VectorFormatException if the JSON is malformed, or this case is of no known kind: the next call then reads the
     *     case behind it
     */
    public Optional<VectorCase> read() throws IOException, VectorFormatException {
        if (ended || isArray && next() == JsonToken.END_ARRAY) {
            ended = true;
            return Optional.empty();
        }
        ended = !isArray;
        JsonNode json;
        try {
            json = MAPPER.readTree(parser);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
        int at = index++;
        VectorKind kind =
                VectorKind.of(json, source).orElseThrow(() -> VectorFormatException.ofUnknownKind(source, at));
        return Optional.of(new VectorCase(kind, source, at, json));
    }

    /** How many bytes of the file have been read, for reports of progress. */
    public long position() {
        return parser.currentLocation().getByteOffset();
    }

    /** All cases that are left. */
    public List<VectorCase> readAll() throws IOException, VectorFormatException {
        List<VectorCase> out = new ArrayList<>();
        for (Optional<VectorCase> next = read(); next.isPresent(); next = read()) {
            out.add(next.get());
        }
        return out;
    }

    private JsonToken next() throws IOException, VectorFormatException {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new VectorFormatException(source + " ends too early");
            }
            return token;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    private VectorFormatException malformed(JsonProcessingException e) {
        // What the parser says of an early end names its own switches.
        String what = e instanceof JsonEOFException ? "it ends too early" : e.getOriginalMessage();
        return new VectorFormatException(source + " is no JSON: line "
                + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": " + what);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
