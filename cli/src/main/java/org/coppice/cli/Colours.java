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
            case auto ->
                terminal.outIsTerminal() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
        };
    }
}
