package org.coppice.testkit.mutate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coppice.mls.error.Rule;

/** Counts what became of changed messages: a table of messages, groups of mutations, and the rules that refused them. */
public final class MutationReport {
    private final Map<String, Map<String, Map<String, Integer>>> byMessage = new LinkedHashMap<>();
    private final EnumSet<Rule> hit = EnumSet.noneOf(Rule.class);
    private int count;

    /** Notes one outcome. */
    public synchronized void add(Mutant mutant, Outcome outcome) {
        count++;
        byMessage
                .computeIfAbsent(mutant.specimen().name(), name -> new TreeMap<>())
                .computeIfAbsent(group(mutant.mutation()), name -> new TreeMap<>())
                .merge(outcome.name(), 1, Integer::sum);
        Arrays.stream(Rule.values())
                .filter(rule -> rule.name().equals(outcome.name()))
                .forEach(hit::add);
    }

    private static String group(Mutation mutation) {
        if (mutation.needsDonor()) {
            return "of another message";
        }
        if (mutation.isOfLength()) {
            return "length";
        }
        return mutation.compareTo(Mutation.LARGEST) <= 0
                ? "number"
                : mutation.compareTo(Mutation.LIKE_ANOTHER_FIELD) <= 0 ? "bytes" : "list or option";
    }

    /** The rules by which nothing was refused, with the rows of {@code VALIDATION.md} that they stand for. */
    public synchronized List<String> neverHit() {
        return EnumSet.complementOf(hit).stream()
                .map(rule -> rule + " (" + rule.requirement() + ")")
                .toList();
    }

    /** The table. */
    @Override
    public synchronized String toString() {
        StringBuilder out = new StringBuilder();
        byMessage.forEach((message, groups) -> {
            out.append(message).append('\n');
            groups.forEach((group, outcomes) -> {
                int all = outcomes.values().stream().mapToInt(Integer::intValue).sum();
                out.append(String.format("  %-20s %5d  ", group, all));
                outcomes.forEach((outcome, times) ->
                        out.append(outcome).append(' ').append(times).append("  "));
                out.append('\n');
            });
        });
        return out.append(count)
                .append(" changes; rules that refused none: ")
                .append(neverHit())
                .append("\n")
                .append(Meter.worst())
                .append('\n')
                .toString();
    }
}
