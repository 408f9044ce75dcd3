package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;

/**
 * A change that can be made to a message.
 *
 * @param path of the field
 */
public record Mutant(Specimen specimen, String path, Mutation mutation) {
    /** All changes that can be made to a message. */
    public static List<Mutant> all(Specimen specimen) {
        Field genuine = specimen.open();
        List<String> paths = new ArrayList<>();
        genuine.forEach((path, field) -> {
            if (!path.isEmpty()) {
                paths.add(path);
            }
        });
        List<Mutant> out = new ArrayList<>();
        for (String path : paths) {
            for (Mutation mutation : Mutation.values()) {
                Field apart = genuine.get(path).copy();
                if (mutation.apply(apart, genuine, path, specimen.donor(mutation, path))) {
                    out.add(new Mutant(specimen, path, mutation));
                }
            }
        }
        return out;
    }

    /**
     * So many of all changes of one kind, where the elements of a list are of one kind, and so are all lengths before fields of one
     * name, which a decoder judges wherever they stand.
     */
    public static List<Mutant> some(Specimen specimen, int ofEachKind, SeededRandomness random) {
        Map<String, List<Mutant>> byKind = new LinkedHashMap<>();
        for (Mutant mutant : all(specimen)) {
            String where = mutant.mutation.isOfLength() ? mutant.path.replaceAll(".*/", "") : mutant.place();
            byKind.computeIfAbsent(where + " " + mutant.mutation, kind -> new ArrayList<>())
                    .add(mutant);
        }
        List<Mutant> out = new ArrayList<>();
        for (List<Mutant> kind : byKind.values()) {
            for (int i = 0; i < ofEachKind && !kind.isEmpty(); i++) {
                out.add(kind.remove(random.below(kind.size())));
            }
        }
        return out;
    }

    /** The structure and field, with {@code *} for the position in a list. */
    public String place() {
        return specimen.place(path);
    }

    /** Makes the change; false if there is nothing to change in such a field. */
    boolean apply(Field root) {
        Optional<Field> field = root.find(path);
        return field.isPresent() && mutation.apply(field.get(), root, path, specimen.donor(mutation, path));
    }

    /** Whether another change, made after this one, left of it what it was: a copy is none any more once its original is another. */
    boolean isStillSo(Field root) {
        Optional<Field> field = root.find(path);
        return field.isPresent() && mutation.isStillSo(field.get(), root, path);
    }

    /** Whether the changed field, which is one for a public key, holds one of some suite. */
    boolean leavesKey() {
        Field root = specimen.open();
        if (!apply(root)) {
            return false;
        }
        byte[] bytes = root.get(path).content();
        return path.endsWith("signature_key") ? PublicKeys.isOfSignatures(bytes) : PublicKeys.isOfHpke(bytes);
    }

    /**
     * Makes the change, seals the message and has it received.
     *
     * @throws AssertionError if a promise is broken, see {@link Recipient#take}
     */
    public Outcome deliver() throws MlsException {
        Field root = specimen.open();
        if (!apply(root)) {
            throw new IllegalArgumentException("nothing to change: " + this);
        }
        return specimen.deliver(root);
    }

    @Override
    public String toString() {
        return specimen.name() + ": " + path + " " + mutation;
    }
}
