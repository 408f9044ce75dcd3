package org.coppice.testkit.mutate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;

/** A genuine message in a form that can be changed field by field, and somebody who is about to receive it. */
public final class Specimen {
    private final String name;
    private final Field genuine;
    private final Sealer sealer;
    private final Recipient recipient;
    private final Place place;
    private final Map<Mutation, Field> donors = new HashMap<>();

    /** Makes everything right that follows from the fields, but what mutations fixed, and encrypts. */
    @FunctionalInterface
    interface Sealer {
        Sealed seal(Field opened) throws MlsException;
    }

    /**
     * What goes over the wire.
     *
     * @param message the bytes
     * @param authenticator the epoch_authenticator of the epoch that a Commit leads to, if it can be computed
     */
    record Sealed(byte[] message, Optional<Bytes> authenticator) {
        static Sealed of(byte[] message) {
            return new Sealed(message, Optional.empty());
        }
    }

    /**
     * A message.
     *
     * @param place names its fields
     */
    Specimen(String name, Field genuine, Sealer sealer, Recipient recipient, Place place) {
        this.name = name;
        this.genuine = genuine;
        this.sealer = sealer;
        this.recipient = recipient;
        this.place = place;
    }

    /** What it is, such as "PublicMessage Commit by value". */
    public String name() {
        return name;
    }

    /** The message, to be changed. */
    public Field open() {
        return genuine.copy();
    }

    /** The structure and field at a path. */
    String place(String path) {
        return place.of(genuine, path);
    }

    /** Lends fields of another message of the same kind. */
    void lend(Mutation mutation, Field donor) {
        donors.put(mutation, donor);
    }

    /** The field that stands at this path in the message that a mutation takes its value from. */
    Optional<Field> donor(Mutation mutation, String path) {
        Field donor = donors.get(mutation == Mutation.TOGGLE ? Mutation.OF_ANOTHER_SENDER : mutation);
        if (donor == null) {
            return Optional.empty();
        }
        if (mutation != Mutation.OF_THE_TREE) {
            return donor.find(path);
        }
        Field own = genuine.get(path);
        return own.isElement() ? Optional.empty() : likeIn(donor, own);
    }

    /** The first field of a tree that has the name of another field, and other content; a leaf_node is called node there. */
    private static Optional<Field> likeIn(Field tree, Field own) {
        Field[] found = new Field[1];
        tree.forEach((at, field) -> {
            boolean same = field.name().equals(own.name().equals("leaf_node") ? "node" : own.name());
            if (found[0] == null && same && field.isLike(own) && !field.equals(own)) {
                found[0] = field;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    /** The same as it is on the wire: nothing follows from a change. */
    Specimen unsealed() throws MlsException {
        Sealed sealed = sealer.seal(open());
        Field wire = Schemas.MESSAGE.readAll("message", Bytes.wrap(sealed.message()));
        // What is taken all the same leads where the genuine message does.
        Sealer none = root -> new Sealed(root.encode(), sealed.authenticator());
        Specimen out = new Specimen("unsealed " + name, wire, none, recipient, place);
        // Not the messages of others: whole ones would be genuine.
        out.lend(Mutation.OF_THE_TREE, donors.get(Mutation.OF_THE_TREE));
        return out;
    }

    /** Seals it and has it received. */
    Outcome deliver(Field opened) throws MlsException {
        return recipient.take(sealer.seal(opened));
    }

    /** Has the unchanged message received as by somebody who refused others before; throws if that does not succeed. */
    public void deliverGenuine() throws MlsException {
        Outcome outcome = deliver(open());
        if (outcome.isRefused()) {
            throw new AssertionError(name + ": the genuine message is refused: " + outcome);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
