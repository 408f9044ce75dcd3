package org.coppice.testkit.pit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The list of mutants that live, each below the reason why it may: {@code testkit/src/pit/survivors.txt}. Lines that begin with
 * {@code #} are reasons, written by hand.
 */
final class Survivors {
    private static final String NOT_LOOKED_AT = "# Not looked at.";

    private final List<String> lines = new ArrayList<>();
    private final List<Mutant> unexpected = new ArrayList<>();
    private final List<Mutant> gone = new ArrayList<>();

    /** Takes the list as it is, and compares it with reports: a class of which no report tells stays as it was. */
    Survivors(List<String> list, List<Report> reports) {
        List<Mutant> left = new ArrayList<>();
        reports.forEach(report -> left.addAll(report.survivors()));
        for (String line : list) {
            if (line.isBlank() || line.startsWith("#")) {
                lines.add(line);
                continue;
            }
            Mutant listed = Mutant.parse(line);
            Optional<Mutant> found = left.stream().filter(listed::isSameAs).findFirst();
            if (found.isPresent()) {
                left.remove(found.get());
                lines.add(found.get().toString());
            } else if (reports.stream().anyMatch(report -> report.covers(listed))) {
                gone.add(listed);
            } else {
                lines.add(line);
            }
        }
        unexpected.addAll(left);
    }

    /** Those that live and are not in the list. */
    List<Mutant> unexpected() {
        return List.copyOf(unexpected);
    }

    /** Those of the list that live no more. */
    List<Mutant> gone() {
        return List.copyOf(gone);
    }

    /** The list as it would be now: who is new waits at its end for a reason. */
    List<String> updated() {
        List<String> out = new ArrayList<>(lines);
        if (!unexpected.isEmpty()) {
            if (!out.contains(NOT_LOOKED_AT)) {
                out.add("");
                out.add(NOT_LOOKED_AT);
            }
            unexpected.forEach(mutant -> out.add(mutant.toString()));
        }
        return out;
    }

    /**
     * Compares reports with the list and tells what differs.
     *
     * @param arguments the list, the directory of the sources, whether to update the list ({@code true} or {@code false}), and the
     *     reports
     */
    public static void main(String[] arguments) throws IOException {
        Path list = Path.of(arguments[0]);
        boolean update = Boolean.parseBoolean(arguments[2]);
        List<Report> reports = new ArrayList<>();
        for (String file : List.of(arguments).subList(3, arguments.length)) {
            Report report = Report.read(Path.of(file), Path.of(arguments[1]));
            System.out.println(file + ": " + report.score());
            report.timedOut().forEach(mutant -> System.out.println("timed out\t" + mutant));
            reports.add(report);
        }
        Survivors survivors = new Survivors(Files.readAllLines(list), reports);
        survivors.gone().forEach(mutant -> System.out.println("lives no more\t" + mutant));
        survivors.unexpected().forEach(mutant -> System.out.println("lives\t" + mutant));
        if (update) {
            Files.write(list, survivors.updated());
        }
        System.exit(survivors.unexpected().isEmpty() ? 0 : 1);
    }
}
