package org.coppice.cli.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice inspect}. */
@Command(
        name = "inspect",
        header = "Show any MLS object as a tree of its fields.",
        description = {
            "Shows any MLS object as a tree of its fields: offsets, names of code points, sections of RFC 9420.",
            "",
            "The kind of object is found out, or given by --type. Known extensions are decoded inside.",
            "Of a malformed object it shows what could be read, and names the place and the rule that it breaks."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice inspect welcome.bin",
            "  base64 keypackage.bin | coppice inspect --json",
            "",
            "Exit codes: 0 the object is well-formed, 2 wrong usage, 3 it is malformed or cannot be read."
        })
public final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Colours colours;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "the object: as it is, in hexadecimal digits or base64; - is standard input, the default")
    private String file;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "what it is, such as MLSMessage, KeyPackage, GroupInfo, ratchet_tree; see --types")
    private String type;

    @Option(names = "--types", description = "list all types and exit")
    private boolean listTypes;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "how it is written: ${COMPLETION-CANDIDATES} (default: find out)")
    private InputBytes.Form form;

    @Option(names = "--full", description = "print long values whole")
    private boolean full;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (listTypes) {
            ObjectKind.names().forEach(terminal.out()::println);
            return ExitCode.SUCCESS;
        }
        byte[] content = InputBytes.read(file, terminal);
        if (type == null && form == null && isJson(content)) {
            throw CommandFailure.input(
                    "JSON is no encoding of MLS", "inspect one of its values; coppice vectors reads test vectors");
        }
        Bytes input = InputBytes.decode(content, form);
        if (input.isEmpty()) {
            throw CommandFailure.input("no bytes to inspect", "give a file, or pipe an object into standard input");
        }
        ObjectKind.Guess guess = read(input);
        if (json) {
            terminal.out()
                    .println(new ObjectMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(JsonView.of(guess.kind(), guess.walk())));
        } else {
            new TextView(terminal.out(), colours.on(terminal), full)
                    .print(guess.walk().root());
        }
        return conclude(guess);
    }

    /** An object of MLS may begin with one of these brackets as well, but is not JSON to its end. */
    private static boolean isJson(byte[] content) {
        if (content.length == 0 || content[0] != '{' && content[0] != '[') {
            return false;
        }
        try {
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(content);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private ObjectKind.Guess read(Bytes input) {
        if (type == null) {
            return ObjectKind.guess(input);
        }
        ObjectKind kind = ObjectKind.named(type)
                .orElseThrow(() -> CommandFailure.usage("no such type: " + type, "run: coppice inspect --types"));
        return new ObjectKind.Guess(kind, kind.walk(input), List.of());
    }

    private int conclude(ObjectKind.Guess guess) {
        DecodeException fault = guess.walk().fault();
        String kind = guess.kind().type();
        if (fault != null) {
            String field = guess.walk().path();
            throw CommandFailure.input(
                    "malformed " + kind + (field.isEmpty() ? "" : ", " + field) + ": " + fault.getMessage() + " ["
                            + fault.rule() + "]",
                    type == null ? "give --type if it is something else than " + kind : "leave out --type to find out");
        }
        if (!guess.others().isEmpty()) {
            terminal.say("could also be: "
                    + String.join(
                            ", ", guess.others().stream().map(ObjectKind::type).toList()));
        }
        return ExitCode.SUCCESS;
    }
}
