package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.coppice.testkit.validation.ValidationTable.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps VALIDATION.md honest: each requirement names code that exists and a test that carries its row as a tag. */
class ValidationTableTest {
    /** How many rows of RFC 9420 are mandatory: keyword, validity rule, format, or a consequence of those. */
    private static final int MANDATORY = 451;

    private static final Set<String> MANDATORY_TAGS = Set.of("M", "V", "D", "X");

    private static ValidationTable table;
    private static List<Row> rows;

    @BeforeAll
    static void read() throws IOException {
        table = ValidationTable.read();
        rows = table.rows("R");
    }

    private static boolean isMandatory(Row row) {
        return MANDATORY_TAGS.contains(row.tag());
    }

    @Test
    void namesEachRowOnceAndAllMandatoryOnes() {
        assertThat(rows).extracting(Row::id).doesNotHaveDuplicates();
        assertThat(rows.stream().filter(ValidationTableTest::isMandatory)).hasSize(MANDATORY);
    }

    @Test
    void eachMandatoryRowNamesCodeThatExists() {
        assertThat(rows.stream().flatMap(row -> table.codeFaults(row, isMandatory(row)).stream()))
                .isEmpty();
    }

    @Test
    void eachMandatoryRowNamesATestThatCarriesItsTag() {
        assertThat(rows.stream().flatMap(row -> table.testFaults(row, isMandatory(row)).stream()))
                .isEmpty();
    }

    @Test
    void eachTagOfATestNamesARow() {
        assertThat(table.tagsOfNoRow()).isEmpty();
    }

    @Test
    void hasTheRowsOfTheChecklistWhereThatIsAtHand() throws IOException {
        Set<String> expected = table.checklist("rfc9420.md", "R");
        assumeFalse(expected.isEmpty(), "the checklist is not beside the project");
        assertThat(rows).extracting(row -> row.id() + " " + row.tag()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
