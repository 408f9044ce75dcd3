package org.coppice.cookbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** docs/COOKBOOK.md, and the sources of the recipes that it shows. */
final class Document {
    private static final List<Path> SOURCES =
            List.of(Path.of("src/test/java/org/coppice/cookbook"), Path.of("src/test/kotlin/org/coppice/cookbook"));
    private static final Path FILE = Path.of("../docs/COOKBOOK.md");
    /** A marker, and the block of code after it. */
    private static final Pattern BLOCK = Pattern.compile("<!-- ([^\\n]+?) -->\\n```\\w*\\n(.*?)```\\n", Pattern.DOTALL);

    private static final Pattern REGION =
            Pattern.compile("( *)// begin (\\w+)\\n(.*?)\\n *// end \\2\\n", Pattern.DOTALL);
    /** A line that begins with "See" names classes and members of the public API. */
    private static final Pattern SEE = Pattern.compile("^See:? .*$", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*)(?:\\.(\\w+))?`");

    private final String text;

    private Document(String text) {
        this.text = text;
    }

    static Document read() throws IOException {
        return new Document(Files.readString(FILE));
    }

    /** The code after a marker. */
    String block(String marker) {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).equals(marker)) {
                return blocks.group(2);
            }
        }
        throw new AssertionError("the document has no block that is marked: " + marker);
    }

    /** What is marked by one word, in the document's order. */
    List<String> markers(String kind) {
        List<String> out = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (blocks.group(1).startsWith(kind + ": ")) {
                out.add(blocks.group(1).substring(kind.length() + 2));
            }
        }
        return out;
    }

    /** Puts a block in the place of the one that is marked, if that was asked for. */
    static synchronized void rewrite(String marker, String content) throws IOException {
        if (Boolean.getBoolean("cookbook.write")) {
            String text = Files.readString(FILE);
            Matcher blocks = BLOCK.matcher(text);
            while (blocks.find()) {
                if (blocks.group(1).equals(marker)) {
                    Files.writeString(
                            FILE, text.substring(0, blocks.start(2)) + content + text.substring(blocks.end(2)));
                }
            }
        }
    }

    /** Each part of a source that is to be shown, by class and name, without the indentation that it has there. */
    static Map<String, String> regions() throws IOException {
        Map<String, String> out = new LinkedHashMap<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    out.putAll(regions(file));
                }
            }
        }
        return out;
    }

    private static Map<String, String> regions(Path file) throws IOException {
        Map<String, String> out = new LinkedHashMap<>();
        String owner = file.getFileName().toString().replaceFirst("\\.\\w+$", "");
        Matcher regions = REGION.matcher(Files.readString(file));
        while (regions.find()) {
            String code = regions.group(3).replaceAll("(?m)^" + regions.group(1), "");
            out.put(owner + "#" + regions.group(2), code + "\n");
        }
        return out;
    }

    /** Names after "See" that are no public class, or no public member of one. */
    List<String> namesThatAreNot() {
        List<String> out = new ArrayList<>();
        Matcher lines = SEE.matcher(text);
        int named = 0;
        while (lines.find()) {
            Matcher names = NAME.matcher(lines.group());
            while (names.find()) {
                named++;
                if (!PublicApi.has(names.group(1), names.group(2))) {
                    out.add(names.group());
                }
            }
        }
        if (named < 40) {
            throw new AssertionError("the document points to the API " + named + " times only");
        }
        return out;
    }

    /** The listings of docs/api, which the build compares with the classes. */
    private static final class PublicApi {
        private static final Map<String, List<String>> MEMBERS = new LinkedHashMap<>();

        static {
            for (String library : List.of("mls", "delivery-api", "client")) {
                read(Path.of("../docs/api/" + library + ".txt"));
            }
        }

        private static void read(Path listing) {
            Pattern type = Pattern.compile("  (?! ).*?(?:class|interface|record|enum) ([\\w.]+).*");
            List<String> members = new ArrayList<>();
            try {
                for (String line : Files.readAllLines(listing)) {
                    Matcher begins = type.matcher(line);
                    if (begins.matches()) {
                        String simple =
                                begins.group(1).substring(begins.group(1).lastIndexOf('.') + 1);
                        members = MEMBERS.computeIfAbsent(simple, any -> new ArrayList<>());
                    }
                    members.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static boolean has(String type, String member) {
            List<String> lines = MEMBERS.getOrDefault(type, List.of());
            Pattern named = Pattern.compile(".*\\b" + member + "\\b.*");
            return !lines.isEmpty()
                    && (member == null
                            || lines.stream()
                                    .anyMatch(line -> named.matcher(line).matches()));
        }
    }
}
