package org.coppice.cli.account;

import java.time.Duration;
import java.util.Optional;
import org.coppice.cli.Texts;
import org.coppice.client.model.ClientEvent.KeyPackagesRefused;

/** What to say where the clock here and that of a server are apart, and what comes of it. */
public final class Clocks {
    /** Logins are signed over a challenge that ends after minutes, and key packages are not valid before they were made. */
    private static final Duration MAX_APART = Duration.ofMinutes(1);

    private static final Duration SAME = Duration.ofSeconds(2);

    private static final String ADVICE = "set this machine's clock, best by NTP";

    private Clocks() {}

    /** Whether it matters. */
    static boolean areApart(Duration ahead) {
        return ahead.abs().compareTo(MAX_APART) > 0;
    }

    /** What doctor finds; {@code ahead} is negative if the clock here is behind. */
    static Finding compared(String server, Duration ahead) {
        boolean same = ahead.abs().compareTo(SAME) <= 0;
        String what =
                same ? "the clock here and that of " + server + " are the same" : "the clock here" + is(ahead, server);
        return areApart(ahead)
                ? Finding.bad(what, ADVICE + ": logins and key packages depend on it")
                : Finding.good(what);
    }

    /**
     * That others cannot invite who is here, as the server does not take the key packages that are made here, and what to do.
     *
     * @param ahead how far the clock here is ahead, if the server told the time
     */
    public static String refused(KeyPackagesRefused event, String server, Optional<Duration> ahead) {
        if (!event.isForTheClock()) {
            return server + " refuses the key packages made here, by which others invite you: "
                    + Texts.oneLine(event.problem().detail());
        }
        String refuses = ", which refuses the key packages made here, by which others invite you: " + ADVICE;
        return ahead.filter(Clocks::areApart)
                        .map(by -> "your clock" + is(by, server))
                        .orElse("your clock is not that of " + server)
                + refuses;
    }

    private static String is(Duration ahead, String server) {
        return " is " + length(ahead.abs()) + (ahead.isNegative() ? " behind that of " : " ahead of that of ") + server;
    }

    private static String length(Duration time) {
        if (time.toSeconds() < 120) {
            return time.toSeconds() + " s";
        }
        if (time.toMinutes() < 120) {
            return time.toMinutes() + " min";
        }
        return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " days";
    }
}
