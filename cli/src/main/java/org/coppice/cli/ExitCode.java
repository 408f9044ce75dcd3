package org.coppice.cli;

/** What the process tells its caller. */
public final class ExitCode {
    /** All went well. */
    public static final int SUCCESS = 0;
    /** The command ran, and what it checked does not hold, or what it asked for was refused. */
    public static final int FAILED_CHECK = 1;
    /** The command line makes no sense. */
    public static final int USAGE = 2;
    /** A file is missing, unreadable or malformed. */
    public static final int BAD_INPUT = 3;
    /** Nothing that was to be checked could be: neither does it hold, nor does it not. */
    public static final int NOTHING_CHECKED = 4;
    /** The server cannot be reached (sysexits.h calls it EX_UNAVAILABLE). */
    public static final int UNREACHABLE = 69;
    /** Not now, but later the same may succeed (sysexits.h calls it EX_TEMPFAIL). */
    public static final int LATER = 75;
    /** What there was to say could not be written (sysexits.h calls it EX_IOERR). */
    public static final int OUTPUT_LOST = 74;
    /** Nobody reads what there is to say: what a shell reports of a program that SIGPIPE ended. */
    public static final int OUTPUT_CLOSED = 141;
    /** The program is at fault (sysexits.h calls it EX_SOFTWARE). */
    public static final int BUG = 70;

    private ExitCode() {}
}
