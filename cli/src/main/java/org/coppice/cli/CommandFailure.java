package org.coppice.cli;

/**
 * Ends a command with a message for its user: what was wrong, what to do about it, and the exit code.
 *
 * <p>The message is one line in lower case without a full stop, as is the hint. What it quotes of a file, a server or another person cannot
 * repaint the terminal: {@link Texts#oneLine}.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong takes no more; a number in a file may have a million digits. */
    private static final int MOST = 1000;

    private final int exitCode;
    private final String hint;

    private CommandFailure(int exitCode, String message, String hint) {
        super(Texts.oneLine(message, MOST));
        this.exitCode = exitCode;
        this.hint = Texts.oneLine(hint, MOST);
    }

    /** Ends with one of {@link ExitCode}. */
    public static CommandFailure of(int exitCode, String message, String hint) {
        return new CommandFailure(exitCode, message, hint);
    }

    /** A check did not hold, or what was asked for was refused. */
    public static CommandFailure check(String message, String hint) {
        return new CommandFailure(ExitCode.FAILED_CHECK, message, hint);
    }

    /** The server cannot be reached. */
    public static CommandFailure unreachable(String message, String hint) {
        return new CommandFailure(ExitCode.UNREACHABLE, message, hint);
    }

    /** Not now. */
    public static CommandFailure later(String message, String hint) {
        return new CommandFailure(ExitCode.LATER, message, hint);
    }

    /** The command was called in a way that makes no sense. */
    public static CommandFailure usage(String message, String hint) {
        return new CommandFailure(ExitCode.USAGE, message, hint);
    }

    /** A file or what stands in it cannot be used. */
    public static CommandFailure input(String message, String hint) {
        return new CommandFailure(ExitCode.BAD_INPUT, message, hint);
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** What the user can do, or empty. */
    public String hint() {
        return hint;
    }
}
