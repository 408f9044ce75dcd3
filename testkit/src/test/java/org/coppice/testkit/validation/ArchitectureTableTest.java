package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.coppice.testkit.validation.ValidationTable.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps the part of VALIDATION.md on RFC 9750 honest. What binds a service or a client and is needed names code and a tagged test, or is
 * one of the few whose reason for not being done is written down; every other row says what there is.
 */
class ArchitectureTableTest {
    private static final int ROWS = 191;
    /** Rows that bind the delivery service, the authentication service, a client, or a client in the part of a member. */
    private static final int BINDING = 101;

    private static final Set<String> ROLES = Set.of("DS", "AS", "client", "committer", "creator", "member");
    private static final Set<String> NEEDED_TAGS = Set.of("N", "X");

    /** The needed rows that are not done or do not apply: a new one is a decision to make here, too. */
    private static final Set<String> EXCUSED = Set.of("A-2.2-04", "A-5.2.2-01", "A-5.2.2-05", "A-8.4.1-03");

    private static ValidationTable table;
    private static List<Row> rows;

    @BeforeAll
    static void read() throws IOException {
        table = ValidationTable.read();
        rows = table.rows("A");
    }

    private static boolean binds(Row row) {
        return Stream.of(row.who().split(", ")).anyMatch(ROLES::contains);
    }

    private static boolean isNeeded(Row row) {
        return binds(row) && NEEDED_TAGS.contains(row.tag()) && !EXCUSED.contains(row.id());
    }

    @Test
    void namesEachRowOnceAndAllOfThem() {
        assertThat(rows).extracting(Row::id).doesNotHaveDuplicates();
        assertThat(rows).hasSize(ROWS);
        assertThat(rows.stream().filter(ArchitectureTableTest::binds)).hasSize(BINDING);
    }

    @Test
    void eachNeededRowNamesCodeThatExists() {
        assertThat(rows.stream().flatMap(row -> table.codeFaults(row, isNeeded(row)).stream()))
                .isEmpty();
    }

    @Test
    void eachNeededRowNamesATestThatCarriesItsTag() {
        assertThat(rows.stream().flatMap(row -> table.testFaults(row, isNeeded(row)).stream()))
                .isEmpty();
    }

    @Test
    void eachRowThatIsExcusedSaysWhy() {
        assertThat(rows)
                .filteredOn(row -> row.tests().startsWith("**"))
                .extracting(Row::id)
                .containsExactlyInAnyOrderElementsOf(EXCUSED);
        assertThat(rows)
                .filteredOn(row -> EXCUSED.contains(row.id()))
                .allSatisfy(row -> assertThat(row.tests()).matches("\\*\\*(does not apply|not done)\\*\\*: .{20,}"));
    }

    @Test
    void everyRowSaysWhatThereIs() {
        assertThat(rows).allSatisfy(row -> assertThat(row.tests()).as(row.id()).isNotBlank());
    }

    @Test
    void documentsThatRowsNameAreThere() {
        assertThat(rows.stream().flatMap(row -> table.documentFaults(row).stream()))
                .isEmpty();
    }

    @Test
    void hasTheRowsOfTheChecklistWhereThatIsAtHand() throws IOException {
        Set<String> expected = table.checklist("rfc9750.md", "A");
        assumeFalse(expected.isEmpty(), "the checklist is not beside the project");
        assertThat(rows).extracting(row -> row.id() + " " + row.tag()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
