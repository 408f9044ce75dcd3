package org.coppice.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One case of a file of test vectors.
 *
 * @param kind what it tests
 * @param source the name of the file
 * @param index its position in the file, from 0
 * @param json its content
 */
public record VectorCase(VectorKind kind, String source, int index, JsonNode json) {
    /** Checks that nothing is missing. */
    public VectorCase {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(json, "json");
    }

    /** The number of its cipher suite, if it has one; a uint16. */
    public OptionalInt suite() {
        JsonNode suite = json.path("cipher_suite");
        boolean isNumber = suite.isIntegralNumber() && suite.canConvertToInt();
        return isNumber && suite.intValue() >= 0 && suite.intValue() <= 0xffff
                ? OptionalInt.of(suite.intValue())
                : OptionalInt.empty();
    }

    /** A name for reports, such as "treekem suite 2 #14". */
    public String name() {
        return kind.label() + (suite().isPresent() ? " suite " + suite().getAsInt() : "") + " #" + index;
    }

    /** The name, not the content. */
    @Override
    public String toString() {
        return name();
    }
}
