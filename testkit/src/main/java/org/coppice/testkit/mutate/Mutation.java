package org.coppice.testkit.mutate;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A change of one field. Each says to which fields it can be done; where it would change nothing, it is not done. */
public enum Mutation {
    // ---- numbers
    ZERO,
    ONE_MORE,
    /** Only where one byte chooses among a few. */
    TWO_MORE,
    ONE_LESS,
    /** A million more: two weeks in seconds, and more than any window of messages. */
    MUCH_MORE,
    LARGEST,
    // ---- bytes
    FIRST_BIT,
    LAST_BIT,
    EMPTY,
    SHORTER,
    LONGER,
    ZEROS,
    /** The bytes of the field of this name before it in the message, such as the key of the node below. */
    LIKE_THE_ONE_BEFORE,
    /** The bytes of the field of the same length before it, whatever its name. */
    LIKE_ANOTHER_FIELD,
    // ---- lists and options
    DROP_FIRST,
    DROP_LAST,
    DUPLICATE,
    REVERSE,
    /** An absent value becomes present, with that of a donor, or the other way round. */
    TOGGLE,
    // ---- lengths
    LENGTH_MORE(LengthForm.MORE),
    LENGTH_LESS(LengthForm.LESS),
    LENGTH_LONG(LengthForm.LONG),
    LENGTH_RESERVED(LengthForm.RESERVED),
    LENGTH_LARGEST(LengthForm.LARGEST),
    // ---- the same field of another message
    OF_ANOTHER_GROUP,
    OF_ANOTHER_EPOCH,
    OF_ANOTHER_SENDER,
    /** The field of this name of some node of the receiver's ratchet tree. */
    OF_THE_TREE,
    /** The same field of a message that breaks a rule to which a valid message and its fields do not lead. */
    OF_A_TRAP;

    private final LengthForm lengthForm;

    Mutation() {
        this(LengthForm.RIGHT);
    }

    Mutation(LengthForm lengthForm) {
        this.lengthForm = lengthForm;
    }

    /** Whether it writes a wrong length. */
    public boolean isOfLength() {
        return lengthForm != LengthForm.RIGHT;
    }

    /** Whether it takes its value from another message. */
    public boolean needsDonor() {
        return ordinal() >= OF_ANOTHER_GROUP.ordinal();
    }

    /**
     * Changes a field and pins it.
     *
     * @param field the field, in a message or apart
     * @param root the whole message, only read
     * @param path where the field is in the message
     * @param donor the field that a donor has in its place, if there is one
     * @return whether it can be done to such a field and changes it
     */
    boolean apply(Field field, Field root, String path, Optional<Field> donor) {
        byte[] before = field.encode();
        if (isOfLength()) {
            return field.hasLength() && lie(field);
        }
        if (needsDonor()) {
            return donor.isPresent() && replace(field, donor.get(), before);
        }
        if (this == TOGGLE) {
            return toggle(field, donor);
        }
        if (field.kind() == Field.Kind.LIST) {
            return rearrange(field) && !Arrays.equals(before, field.encode());
        }
        Optional<byte[]> value = field.kind() == Field.Kind.NUMBER ? number(field) : bytes(root, path, field);
        if (value.isEmpty() || Arrays.equals(value.get(), field.body())) {
            return false;
        }
        field.pin(value.get());
        return true;
    }

    /** Whether a field that became a copy of another one is so still; true if it became no copy. */
    boolean isStillSo(Field field, Field root, String path) {
        boolean isCopy = this == LIKE_THE_ONE_BEFORE || this == LIKE_ANOTHER_FIELD;
        return !isCopy
                || bytes(root, path, field)
                        .filter(original -> Arrays.equals(original, field.content()))
                        .isPresent();
    }

    private boolean lie(Field field) {
        int length = field.body().length;
        // A long length has its shortest form in four bytes.
        if (this == LENGTH_LONG && length >= 1 << 14 || this == LENGTH_LESS && length == 0) {
            return false;
        }
        field.lie(lengthForm);
        return true;
    }

    private boolean replace(Field field, Field donor, byte[] before) {
        // What an option or an envelope holds is replaced as a field of its own.
        boolean isShell =
                field.kind() == Field.Kind.ENVELOPE || field.find("present").isPresent();
        boolean isChoice = this == OF_THE_TREE && field.kind() == Field.Kind.NUMBER;
        if (isShell || isChoice || !field.isLike(donor) || Arrays.equals(before, donor.encode())) {
            return false;
        }
        field.pinAs(donor);
        return true;
    }

    private static boolean toggle(Field field, Optional<Field> donor) {
        Optional<Field> present = field.find("present");
        if (present.isEmpty()) {
            return false;
        }
        if (present.get().number() == 1) {
            present.get().pin(new byte[] {0});
            field.pinParts(parts -> parts.remove(1));
            return true;
        }
        Optional<Field> value = donor.flatMap(other -> other.find("value"));
        value.ifPresent(some -> {
            present.get().pin(new byte[] {1});
            field.pinParts(parts -> parts.add(some.copy()));
        });
        return value.isPresent();
    }

    private boolean rearrange(Field list) {
        if (list.parts().isEmpty()) {
            return false;
        }
        switch (this) {
            case EMPTY -> list.pinParts(List::clear);
            case DROP_FIRST -> list.pinParts(parts -> parts.remove(0));
            case DROP_LAST -> list.pinParts(parts -> parts.remove(parts.size() - 1));
            case DUPLICATE ->
                list.pinParts(parts -> parts.add(parts.get(parts.size() - 1).copy()));
            case REVERSE -> list.pinParts(Collections::reverse);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Optional<byte[]> number(Field field) {
        byte[] value = field.content();
        switch (this) {
            case ZERO -> Arrays.fill(value, (byte) 0);
            case LARGEST -> Arrays.fill(value, (byte) -1);
            case ONE_MORE -> add(value, 1);
            case TWO_MORE -> {
                if (value.length > 1) {
                    return Optional.empty();
                }
                add(value, 2);
            }
            case ONE_LESS -> add(value, -1);
            case MUCH_MORE -> {
                if (value.length < 4) {
                    return Optional.empty();
                }
                add(value, 1_000_000);
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(value);
    }

    /** Adds to a big-endian number, which turns over at its ends. */
    private static void add(byte[] number, int step) {
        int carry = step;
        for (int i = number.length - 1; i >= 0; i--) {
            carry += number[i] & 0xff;
            number[i] = (byte) carry;
            carry >>= 8;
        }
    }

    private Optional<byte[]> bytes(Field root, String path, Field field) {
        if (!field.isLeaf()) {
            return Optional.empty();
        }
        byte[] value = field.content();
        boolean fixed = field.kind() == Field.Kind.FIXED;
        switch (this) {
            case LIKE_THE_ONE_BEFORE -> {
                return earlier(root, path, other -> other.name().equals(field.name()));
            }
            case LIKE_ANOTHER_FIELD -> {
                return value.length < 16
                        ? Optional.empty()
                        : earlier(root, path, other -> other.content().length == value.length);
            }
            case FIRST_BIT, LAST_BIT -> {
                if (value.length == 0) {
                    return Optional.empty();
                }
                value[this == FIRST_BIT ? 0 : value.length - 1] ^= (byte) (this == FIRST_BIT ? 0x80 : 1);
                return Optional.of(value);
            }
            case EMPTY -> {
                return fixed ? Optional.empty() : Optional.of(new byte[0]);
            }
            case SHORTER -> {
                return fixed || value.length == 0
                        ? Optional.empty()
                        : Optional.of(Arrays.copyOf(value, value.length - 1));
            }
            case LONGER -> {
                return fixed ? Optional.empty() : Optional.of(Arrays.copyOf(value, value.length + 1));
            }
            case ZEROS -> {
                return Optional.of(new byte[value.length]);
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static Optional<byte[]> earlier(Field root, String path, Predicate<Field> like) {
        byte[][] found = new byte[1][];
        boolean[] reached = {false};
        root.forEach((at, other) -> {
            reached[0] |= at.equals(path);
            if (!reached[0] && other.kind() == Field.Kind.OPAQUE && like.test(other)) {
                found[0] = other.content();
            }
        });
        return Optional.ofNullable(found[0]);
    }
}
