package org.coppice.cli;

/** What the process tells its caller. */
public final class ExitCode {
    /** All went well. */
    public static final int SUCCESS = 0;
    /** The command ran, and what it checked does not hold. */
    public static final int FAILED_CHECK = 1;
    /** The command line makes no sense. */
    public static final int USAGE = 2;
    /** A file is missing, unreadable or malformed. */
    public static final int BAD_INPUT = 3;
    /** The program is at fault (sysexits.h calls it EX_SOFTWARE). */
    public static final int BUG = 70;

    private ExitCode() {}
}
