package org.coppice.delivery.retention;

import java.time.Duration;
import java.util.Objects;

/**
 * How long things are kept. A group's settings may ask for less of its log, not for more.
 *
 * @param logAge how old an entry of a log may get
 * @param logEntries how many entries of a log are kept
 * @param epochs of how many past epochs GroupInfo and tree are kept
 * @param lateEpochs of how many past epochs application messages are taken: no more than members can still read
 * @param welcomes how long a Welcome waits for its joiner
 * @param answers how long the answer to a write is kept, for repeats
 */
public record Keeping(
        Duration logAge, long logEntries, int epochs, int lateEpochs, Duration welcomes, Duration answers) {
    /** 30 days and a million entries of a log, five epochs, messages of two, 30 days for a Welcome, seven days for an answer. */
    public static final Keeping DEFAULT =
            new Keeping(Duration.ofDays(30), 1_000_000, 5, 2, Duration.ofDays(30), Duration.ofDays(7));

    /** Checks the ranges. */
    public Keeping {
        Objects.requireNonNull(logAge, "logAge");
        Objects.requireNonNull(welcomes, "welcomes");
        Objects.requireNonNull(answers, "answers");
        if (logEntries < 1 || epochs < 1 || lateEpochs < 0 || answers.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException(
                    "at least one entry and one past epoch are kept, and answers for at least a day");
        }
    }
}
