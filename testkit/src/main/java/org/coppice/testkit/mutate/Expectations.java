package org.coppice.testkit.mutate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.mls.error.Rule;

/**
 * What may become of each change: the list {@code expected.txt}, which says for every field and mutation by which rules of RFC 9420 it
 * is refused, or that it is valid and why.
 */
public final class Expectations {
    private static final Set<String> VALID = Set.of(Outcome.ACCEPTED.name(), Outcome.SPLIT.name());
    private static final String REFUSED = "refused";
    private static final String IF_KEY = " if key else ";
    private static final Set<String> WITHOUT_RULE = Set.of(REFUSED, Outcome.MALFORMED, Outcome.CRYPTO);

    private final List<Line> lines = new ArrayList<>();

    /** One line of the list. */
    private static final class Line {
        private final String text;
        private final Pattern message;
        private final Pattern place;
        private final Pattern mutation;
        private final Set<String> outcomes;
        /** Those of changes after which the field holds no public key, if that makes a difference. */
        private final Set<String> withoutKey;

        private String reason = "";
        private boolean used;

        /**
         * @param messages the names of those that it is about, with {@code *} for anything but a slash, {@code **} for anything
         * @param place the field that it is about, likewise
         * @param line mutations and outcomes
         */
        Line(String messages, String place, String line) {
            String[] sides = line.strip().split(" : ");
            if (sides.length != 2) {
                throw new IllegalArgumentException("no outcome in: " + line);
            }
            this.text = place + " [" + messages + "] " + line.strip();
            this.message = anyOf(messages, " \\| ");
            this.place = anyOf(place, " \\| ");
            this.mutation = anyOf(sides[0], " ");
            String[] byKey = sides[1].split(IF_KEY);
            this.outcomes = Set.of(byKey[0].split(" "));
            this.withoutKey = byKey.length == 1 ? outcomes : Set.of(byKey[1].split(" "));
            Stream.concat(outcomes.stream(), withoutKey.stream())
                    .filter(name -> !VALID.contains(name) && !WITHOUT_RULE.contains(name))
                    .forEach(Rule::valueOf);
        }

        private static Pattern anyOf(String globs, String between) {
            return Pattern.compile(Arrays.stream(globs.split(between))
                    .map(glob -> Stream.of(glob.split("\\*\\*", -1))
                            .map(Line::withinStep)
                            .collect(Collectors.joining(".*")))
                    .collect(Collectors.joining("|")));
        }

        private static String withinStep(String glob) {
            return Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^/]*"));
        }

        boolean isAbout(String itsMessage, String itsPlace, String itsMutation) {
            return mutation.matcher(itsMutation).matches()
                    && place.matcher(itsPlace).matches()
                    && message.matcher(itsMessage).matches();
        }

        boolean allows(Outcome outcome, BooleanSupplier isKey) {
            Set<String> allowed = outcomes.equals(withoutKey) || isKey.getAsBoolean() ? outcomes : withoutKey;
            return allowed.contains(outcome.name())
                    || outcome.isMalformed() && allowed.contains(Outcome.MALFORMED)
                    || outcome.isRefused() && allowed.contains(REFUSED);
        }

        boolean lacksReason() {
            return !reason.contains("§")
                    && Stream.concat(outcomes.stream(), withoutKey.stream()).anyMatch(VALID::contains);
        }

        @Override
        public String toString() {
            return reason.isEmpty() ? text : text + " (" + reason + ")";
        }
    }

    private Expectations() {}

    /** Reads the list of the project. */
    public static Expectations load() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Expectations.class.getResourceAsStream("expected.txt")),
                StandardCharsets.UTF_8))) {
            return of(in.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a list, whose form its head describes.
     *
     * @throws IllegalArgumentException if a line has no outcome, names no rule, or calls a change valid without a reason
     */
    static Expectations of(List<String> text) {
        Expectations out = new Expectations();
        String place = "";
        String messages = "*";
        int reasoned = 0;
        for (String line : text) {
            String bare = line.strip();
            if (bare.isEmpty() || bare.startsWith("#")) {
                continue;
            }
            if (bare.startsWith("-- ")) {
                for (Line open : out.lines.subList(reasoned, out.lines.size())) {
                    open.reason = bare.substring(3);
                }
                reasoned = out.lines.size();
            } else if (!line.startsWith(" ")) {
                place = bare;
                reasoned = out.lines.size();
            } else if (bare.startsWith("[")) {
                messages = bare.substring(1, bare.length() - 1);
            } else {
                out.lines.add(new Line(messages, place, bare));
                messages = "*";
            }
        }
        out.lines.stream().filter(Line::lacksReason).findFirst().ifPresent(line -> {
            throw new IllegalArgumentException("valid without a reason: " + line);
        });
        return out;
    }

    /** What is wrong with an outcome, if it is not one of those that the list names. The first line that fits counts. */
    public Optional<String> objection(Mutant mutant, Outcome outcome) {
        return objection(
                        mutant.specimen().name(),
                        mutant.place(),
                        mutant.mutation().name(),
                        mutant::leavesKey,
                        outcome)
                .map(why -> mutant + " (" + mutant.place() + ") became " + outcome + ", " + why);
    }

    /** The same for a message, place and mutation by name. */
    Optional<String> objection(String message, String place, String mutation, BooleanSupplier isKey, Outcome outcome) {
        for (Line line : lines) {
            if (line.isAbout(message, place, mutation)) {
                line.used = true;
                return line.allows(outcome, isKey) ? Optional.empty() : Optional.of("expected: " + line);
            }
        }
        return Optional.of("which no line of the list is about");
    }

    /** Whether a change may be accepted by everybody, in some of the places that have this name. */
    public boolean mayBeAccepted(Mutant mutant) {
        return objection(mutant, Outcome.ACCEPTED).isEmpty();
    }

    /** The lines that nothing was held against since the list was read. */
    public List<String> unused() {
        return lines.stream().filter(line -> !line.used).map(Line::toString).toList();
    }
}
