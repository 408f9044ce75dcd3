package org.coppice.mls.codec;

import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable run of bytes: a value, equal to any other run of the same content. For public data only; key material is kept
 * in {@code Secret}, because this type is compared in variable time, printed, and never wiped.
 *
 * <p>A slice shares the array of the whole, so a decoded structure costs no copies. Thread safe.
 */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private static final String HEX = "0123456789abcdef";
    private static final int PRINTED = 16;

    /** Takes a range of an array without copying it. The range must not be kept longer than the call, nor changed. */
    @FunctionalInterface
    public interface RangeConsumer {
        /** Takes {@code length} bytes of {@code array} from {@code offset} on, for reading, during this call. */
        void accept(byte[] array, int offset, int length);
    }

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** A copy of {@code array}. */
    public static Bytes copyOf(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array.clone(), 0, array.length);
    }

    /**
     * Takes over {@code array} without a copy: the caller must not change it afterwards.
     */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /**
     * The bytes that a string of hexadecimal digits stands for.
     *
     * @throws IllegalArgumentException if it has an odd length or a character that is no digit
     */
    public static Bytes fromHex(String hex) {
        if (hex.length() % 2 != 0) {
            throw new IllegalArgumentException("an odd number of hexadecimal digits");
        }
        byte[] out = new byte[hex.length() / 2];
        for (int i = 0; i < out.length; i++) {
            int high = Character.digit(hex.charAt(2 * i), 16);
            int low = Character.digit(hex.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("not a hexadecimal digit at character " + 2 * i);
            }
            out[i] = (byte) (high << 4 | low);
        }
        return wrap(out);
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * The byte at {@code index}.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public byte at(int index) {
        return array[offset + Objects.checkIndex(index, length)];
    }

    /** A new array of the same content, which belongs to the caller. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Copies all bytes to {@code target} from {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, length);
    }

    /** Hands the underlying range to {@code consumer} without a copy. */
    public void feed(RangeConsumer consumer) {
        consumer.accept(array, offset, length);
    }

    /**
     * The {@code count} bytes from {@code from} on, sharing the array.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public Bytes slice(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return count == length ? this : count == 0 ? EMPTY : new Bytes(array, offset + from, count);
    }

    /** The same content in an array of its own, so that a larger one around it need not be kept. */
    public Bytes compact() {
        return length == array.length ? this : copyOf(toByteArray());
    }

    /** All bytes as lower-case hexadecimal digits. */
    public String toHex() {
        return hex(length);
    }

    private String hex(int count) {
        StringBuilder out = new StringBuilder(2 * count);
        for (int i = offset; i < offset + count; i++) {
            out.append(HEX.charAt(array[i] >> 4 & 0xf)).append(HEX.charAt(array[i] & 0xf));
        }
        return out.toString();
    }

    @Override
    public int compareTo(Bytes other) {
        int common = Math.min(length, other.length);
        for (int i = 0; i < common; i++) {
            int order = Integer.compare(array[offset + i] & 0xff, other.array[other.offset + i] & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(Object o) {
        if (this == o) {
            return true;
        }
        if (!(o instanceof Bytes other) || length != other.length) {
            return false;
        }
        // By hand: Android 26 has no Arrays.equals over ranges.
        for (int i = 0; i < length; i++) {
            if (array[offset + i] != other.array[other.offset + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** The first bytes in hexadecimal digits, and how many there are if that is not all. */
    @Override
    public String toString() {
        return length <= PRINTED ? toHex() : hex(PRINTED) + ".. (" + length + " bytes)";
    }
}
