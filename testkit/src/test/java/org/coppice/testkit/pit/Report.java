package org.coppice.testkit.pit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What PIT wrote about one package, or some classes of it: {@code mutations.xml}. */
final class Report {
    private static final String ROOT = "org.coppice.mls.";

    private final Path sources;
    private final Map<String, List<String>> lines = new HashMap<>();
    private final Set<String> classes = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Mutant> survivors = new ArrayList<>();
    private final List<Mutant> timedOut = new ArrayList<>();

    private Report(Path sources) {
        this.sources = sources;
    }

    /** Reads a report about classes whose source is in one directory, such as {@code mls/src/main/java}. */
    static Report read(Path file, Path sources) throws IOException {
        Report report = new Report(sources);
        NodeList mutations;
        try {
            mutations = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("mutation");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is no report of PIT", e);
        }
        for (int i = 0; i < mutations.getLength(); i++) {
            report.add((Element) mutations.item(i));
        }
        report.survivors.sort(Comparator.comparing(Report::classOf)
                .thenComparing(Mutant::line)
                .thenComparing(Mutant::toString));
        return report;
    }

    private void add(Element mutation) throws IOException {
        Mutant mutant = mutant(mutation);
        String status = mutation.getAttribute("status");
        classes.add(classOf(mutant));
        counts.merge(status, 1, Integer::sum);
        if (!Boolean.parseBoolean(mutation.getAttribute("detected"))) {
            survivors.add(mutant);
        } else if (status.equals("TIMED_OUT")) {
            timedOut.add(mutant);
        }
    }

    private Mutant mutant(Element mutation) throws IOException {
        String name = text(mutation, "mutatedClass");
        int line = Integer.parseInt(text(mutation, "lineNumber"));
        String change = text(mutation, "description")
                .replaceFirst(" for org/coppice/.*", "")
                .replaceAll("[a-z0-9]+/", "");
        return new Mutant(
                name.substring(ROOT.length()) + "." + text(mutation, "mutatedMethod"),
                line,
                change,
                source(name, text(mutation, "sourceFile"), line));
    }

    private String source(String className, String sourceFile, int line) throws IOException {
        String folder = className.substring(0, className.lastIndexOf('.') + 1).replace('.', '/');
        String file = folder + sourceFile;
        if (!lines.containsKey(file)) {
            lines.put(file, Files.readAllLines(sources.resolve(file)));
        }
        return lines.get(file).get(line - 1).strip().replace('\t', ' ');
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    /** The top-level class of a mutant. */
    static String classOf(Mutant mutant) {
        String name = mutant.place().substring(0, mutant.place().lastIndexOf('.'));
        int inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    boolean covers(Mutant mutant) {
        return classes.contains(classOf(mutant));
    }

    List<Mutant> survivors() {
        return List.copyOf(survivors);
    }

    List<Mutant> timedOut() {
        return List.copyOf(timedOut);
    }

    /** How many mutants there were, and what became of them. */
    String score() {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        return all + " mutants, " + (all - survivors.size()) + " detected " + counts;
    }
}
