package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;

/**
 * Changes genuine messages and judges what becomes of them. All choices can come from the bytes of an input, so that a fuzzer can drive
 * it: {@code run(input)} throws an {@link AssertionError} if a promise is broken, and nothing else.
 *
 * <p>An input is a byte that chooses the message, one that chooses how it is changed, and two bytes for each of up to two changes, big
 * endian; numbers are taken modulo what there is to choose from, and missing bytes are zero. All inputs of one driver begin in the same
 * state. Not thread safe.
 */
public final class MutationDriver {
    private final List<Specimen> specimens;
    private final Expectations expectations;
    private final Map<Specimen, List<Mutant>> mutants = new HashMap<>();
    private final Map<Specimen, Specimen> unsealed = new HashMap<>();

    private MutationDriver(List<Specimen> specimens, Expectations expectations) {
        this.specimens = specimens;
        this.expectations = expectations;
    }

    /** A driver of all messages of the group that follows from a seed. */
    public static MutationDriver of(CipherSuite suite, long seed) throws MlsException {
        return of(Specimens.of(suite, seed), Expectations.load());
    }

    /** A driver of these messages. */
    public static MutationDriver of(Specimens specimens, Expectations expectations) {
        return new MutationDriver(specimens.all(), expectations);
    }

    // ---- by the bytes of an input

    /** What is done to a message. */
    private enum How {
        /** One change, and everything made right that follows from it. */
        ONE,
        /** Two changes, and everything made right that follows from them. */
        TWO,
        /** One change of what is on the wire. */
        UNSEALED,
        /** Nothing: the message has to be accepted. */
        NONE
    }

    /**
     * Changes a message and has it received.
     *
     * @return what became of it; empty if the input asks for a change that cannot be made
     * @throws AssertionError if the outcome is not one of those that are allowed
     */
    public Optional<Outcome> run(byte[] input) {
        Specimen specimen = specimens.get(at(input, 0) % specimens.size());
        How how = How.values()[at(input, 1) % How.values().length];
        int first = at(input, 2) << 8 | at(input, 3);
        int second = at(input, 4) << 8 | at(input, 5);
        try {
            return switch (how) {
                case ONE -> Optional.of(one(choose(specimen, first)));
                case TWO -> two(choose(specimen, first), choose(specimen, second));
                case UNSEALED -> Optional.of(unsealed(choose(unsealed(specimen), first)));
                case NONE -> {
                    specimen.deliverGenuine();
                    yield Optional.of(Outcome.ACCEPTED);
                }
            };
        } catch (MlsException e) {
            throw new AssertionError("the changed message cannot be made", e);
        }
    }

    /** How many messages the first byte chooses among. */
    public int messages() {
        return specimens.size();
    }

    private static int at(byte[] input, int position) {
        return position < input.length ? input[position] & 0xff : 0;
    }

    private Mutant choose(Specimen specimen, int number) {
        List<Mutant> all = mutants(specimen);
        return all.get(number % all.size());
    }

    /** All changes of a message. */
    public List<Mutant> mutants(Specimen specimen) {
        return mutants.computeIfAbsent(specimen, Mutant::all);
    }

    /** The message as it is on the wire, and nothing of it made right after a change. */
    public Specimen unsealed(Specimen specimen) throws MlsException {
        Specimen known = unsealed.get(specimen);
        if (known == null) {
            known = specimen.unsealed();
            unsealed.put(specimen, known);
        }
        return known;
    }

    // ---- by choice

    /** Makes one change. */
    public Outcome one(Mutant mutant) throws MlsException {
        Outcome outcome = delivered(mutant);
        Optional<String> objection = expectations.objection(mutant, outcome);
        if (objection.isPresent()) {
            throw new AssertionError(objection.get());
        }
        return outcome;
    }

    private static Outcome delivered(Mutant mutant) throws MlsException {
        try {
            return mutant.deliver();
        } catch (AssertionError e) {
            throw new AssertionError(mutant.toString(), e);
        }
    }

    /**
     * Makes two changes. The message may be accepted only if it is with each of them alone: two wrongs make no right, unless they are about
     * the same thing.
     *
     * @return empty if the second cannot be made after the first, or may mend it
     */
    public Optional<Outcome> two(Mutant first, Mutant second) throws MlsException {
        Field root = first.specimen().open();
        if (touches(first.path(), second.path())
                || areSignedByOne(first, second)
                || !first.apply(root)
                || !second.apply(root)
                || !first.isStillSo(root)) {
            return Optional.empty();
        }
        Outcome outcome;
        try {
            outcome = first.specimen().deliver(root);
        } catch (AssertionError e) {
            throw new AssertionError(first + " and " + second, e);
        }
        for (Mutant alone : outcome.isRefused() ? List.<Mutant>of() : List.of(first, second)) {
            Outcome single = delivered(alone);
            if (single.isRefused()) {
                throw new AssertionError(
                        first + " and " + second + " are accepted, of which one alone is refused as " + single);
            }
        }
        return Optional.of(outcome);
    }

    /** Whether a signature comes with something else of whoever signed it: together they may be a message that is as genuine. */
    private static boolean areSignedByOne(Mutant first, Mutant second) {
        return first.mutation() == second.mutation()
                && first.mutation().needsDonor()
                && (first.path().endsWith("/signature") || second.path().endsWith("/signature"));
    }

    /** Whether two fields are the same, one in the other or of a type that the other says, or in one list, where positions move. */
    private static boolean touches(String a, String b) {
        return a.startsWith(b)
                || b.startsWith(a)
                || saysTheTypeOf(a, b)
                || saysTheTypeOf(b, a)
                || isAboutTypes(a) && isAboutTypes(b)
                || listOf(a).equals(listOf(b));
    }

    /** Whether a field says which types are used, supported or required: one must agree with the other. */
    private static boolean isAboutTypes(String path) {
        return path.contains("/capabilities")
                || path.contains("_types")
                || path.endsWith("_type")
                || path.endsWith("/extensions")
                // Of a GroupContextExtensions, which is nothing but extensions.
                || path.endsWith("/value/proposal");
    }

    private static boolean saysTheTypeOf(String type, String field) {
        boolean ofAll = type.endsWith("type");
        // Of keys of a suite that nobody knows nothing can be told.
        boolean ofKeys = type.endsWith("/cipher_suite") && field.endsWith("_key");
        return (ofAll || ofKeys) && field.startsWith(type.substring(0, type.lastIndexOf('/') + 1));
    }

    private static String listOf(String path) {
        List<String> steps = new ArrayList<>(List.of(path.split("/")));
        while (steps.size() > 1
                && !Character.isDigit(steps.get(steps.size() - 1).charAt(0))) {
            steps.remove(steps.size() - 1);
        }
        return steps.size() > 1 ? String.join("/", steps.subList(0, steps.size() - 1)) : path;
    }

    /** Makes one change of what is on the wire, which nobody may accept, as no part of a message is without protection. */
    public Outcome unsealed(Mutant mutant) throws MlsException {
        Outcome outcome = delivered(mutant);
        // §12.4.3.1: the entries of a Welcome stand each for itself; one that is there twice is found once.
        boolean isCopy = mutant.place().equals("Welcome/secrets") && mutant.mutation() == Mutation.DUPLICATE;
        if (!outcome.isRefused() && !isCopy) {
            throw new AssertionError(mutant + " was accepted without being signed");
        }
        return outcome;
    }
}
