package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What servers and members say, where an account is looked at. */
class FindingTest {
    /** Any member may call a conversation so, and {@code doctor} names those that cannot be followed. */
    @Test
    void aFindingHoldsNothingThatATerminalObeys() {
        Finding finding = Finding.bad("cannot follow “\u001b[2J”", "see \u009b2J");
        assertThat(finding.what()).isEqualTo("cannot follow “\ufffd[2J”");
        assertThat(finding.hint()).isEqualTo("see \ufffd2J");
    }

    /** OkHttp quotes the first line of an answer as it is. */
    @Test
    void whyAServerIsNotReachedHoldsNothingThatATerminalObeys() {
        IOException failure = new IOException("no answer", new IOException("Unexpected status line: \u001b[2J"));
        assertThat(Failures.reason(failure)).isEqualTo("Unexpected status line: \ufffd[2J");
    }
}
