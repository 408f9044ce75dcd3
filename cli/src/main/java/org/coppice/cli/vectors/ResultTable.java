package org.coppice.cli.vectors;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.coppice.cli.Style;
import org.coppice.cli.vectors.RunResults.UnknownCase;
import org.coppice.testkit.vectors.VectorCase;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.VectorResult;
import org.coppice.testkit.vectors.VectorResult.Outcome;

/** Prints results as a table of kinds and suites, with the reasons of failures below. */
final class ResultTable {
    /** The column of kinds that know no suite. */
    private static final int NO_SUITE = -1;

    private static final String KINDS = "kind \\ cipher suite";
    private static final int CELL_WIDTH = 6;
    private static final int MAX_FAILURES = 50;

    private final RunResults results;
    private final boolean colours;
    private final int kindWidth;

    ResultTable(RunResults results, boolean colours) {
        this.results = results;
        this.colours = colours;
        this.kindWidth = results.known().stream()
                        .mapToInt(result -> result.vector().kind().label().length())
                        .reduce(KINDS.length(), Math::max)
                + 1;
    }

    /** How many cases of one kind and suite went how. */
    private static final class Cell {
        private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

        void count(Outcome outcome) {
            counts.merge(outcome, 1, Integer::sum);
        }

        int of(Outcome outcome) {
            return counts.getOrDefault(outcome, 0);
        }
    }

    void print(PrintStream out) {
        Map<VectorKind, Map<Integer, Cell>> rows = new EnumMap<>(VectorKind.class);
        TreeSet<Integer> suites = new TreeSet<>();
        for (VectorResult result : results.known()) {
            int suite = result.vector().suite().orElse(NO_SUITE);
            suites.add(suite);
            rows.computeIfAbsent(result.vector().kind(), kind -> new TreeMap<>())
                    .computeIfAbsent(suite, number -> new Cell())
                    .count(result.outcome());
        }
        StringBuilder head = new StringBuilder(pad(KINDS, kindWidth));
        suites.forEach(suite -> head.append(left(suite == NO_SUITE ? "none" : Integer.toString(suite))));
        out.println(Style.TITLE.apply(head.toString(), colours));
        rows.forEach((kind, cells) -> {
            out.print(Style.NAME.apply(pad(kind.label(), kindWidth), colours));
            suites.forEach(suite -> out.print(text(cells.get(suite))));
            out.println();
        });
        failures(out);
    }

    private String text(Cell cell) {
        if (cell == null) {
            return Style.LINE.apply(left("·"), colours);
        }
        int failed = cell.of(Outcome.FAILED);
        if (failed > 0) {
            return Style.BAD.apply(left(cell.of(Outcome.PASSED) + "/" + failed), colours);
        }
        if (cell.of(Outcome.PASSED) == 0) {
            return Style.NOTICE.apply(left("skip"), colours);
        }
        return Style.GOOD.apply(left(Integer.toString(cell.of(Outcome.PASSED))), colours);
    }

    private void failures(PrintStream out) {
        List<String> failed = Stream.concat(
                        results.known().stream()
                                .filter(result -> result.outcome() == Outcome.FAILED)
                                .map(result -> name(result.vector()) + ": " + result.reason()),
                        results.unknown().stream()
                                .map(unknown -> unknown.source() + " #" + unknown.index() + ": " + UnknownCase.REASON))
                .toList();
        if (failed.isEmpty()) {
            return;
        }
        out.println();
        failed.stream().limit(MAX_FAILURES).forEach(text -> out.println(Style.BAD.apply("failed ", colours) + text));
        if (failed.size() > MAX_FAILURES) {
            out.println("... and " + (failed.size() - MAX_FAILURES) + " more; --json lists all");
        }
    }

    /** The name of the file, too, where it says more than the kind. */
    private static String name(VectorCase vector) {
        boolean same = vector.source().equals(vector.kind().label() + ".json");
        return same ? vector.name() : vector.source() + ", " + vector.name();
    }

    private static String left(String text) {
        return " ".repeat(Math.max(1, CELL_WIDTH - text.length())) + text;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
