package org.coppice.cli;

import picocli.CommandLine.Option;

/** The option by which colours are forced or forbidden. */
public final class Colours {
    /** When to colour. */
    enum When {
        /** On a terminal, unless NO_COLOR is set. */
        auto,
        /** Also into a pipe. */
        always,
        /** Never. */
        never
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "colours: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}; NO_COLOR is respected)")
    private When when;

    Colours() {}

    /** Whether to colour what goes to standard output. */
    public boolean on(Terminal terminal) {
        return switch (when) {
            case always -> true;
            case never -> false;
            case auto -> areWelcome(terminal);
        };
    }

    /** Whether standard output is a terminal that can colour, and its owner has not declined (no-color.org). */
    static boolean areWelcome(Terminal terminal) {
        String declined = System.getenv("NO_COLOR");
        return terminal.outIsTerminal()
                && (declined == null || declined.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
    }
}
