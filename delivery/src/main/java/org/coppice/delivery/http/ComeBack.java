package org.coppice.delivery.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a stream's reader is to wait before it comes back. When a node goes, all its streams end in one moment; if all their readers
 * came back in one moment, too, the next node would have thousands of logins and first looks at once. So each is told another time, over
 * a span that grows with how many there are.
 */
final class ComeBack {
    private static final long LEAST_MILLIS = 1000;
    private static final long SPAN_MILLIS = 2000;
    /** A node does many more than a thousand first looks in a second, but has other things to do. */
    private static final long MILLIS_PER_STREAM = 1;

    private ComeBack() {}

    /** A pause for one of {@code streams} readers. */
    static Duration pause(int streams) {
        long span = SPAN_MILLIS + MILLIS_PER_STREAM * streams;
        return Duration.ofMillis(LEAST_MILLIS + ThreadLocalRandom.current().nextLong(span));
    }

    /** The same as a line of a stream of events (the HTML standard, section 9.2.6), which the reader remembers. */
    static String line(int streams) {
        return "retry: " + pause(streams).toMillis() + "\n\n";
    }
}
