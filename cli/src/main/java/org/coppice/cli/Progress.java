package org.coppice.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error while something takes long; nothing where no person looks at it. */
public final class Progress implements AutoCloseable {
    private static final int MAX_WIDTH = 79;
    private static final int WHAT = 16;

    private final ProgressBar bar;
    private final OneLine line;

    private Progress(ProgressBar bar, OneLine line) {
        this.bar = bar;
        this.line = line;
    }

    /**
     * Begins a task.
     *
     * @param task its name
     * @param total its size in any unit
     */
    public static Progress start(Terminal terminal, String task, long total) {
        return start(terminal, task, total, "", 1);
    }

    /** Begins a task that is measured in bytes and shown in kilobytes. */
    public static Progress ofBytes(Terminal terminal, String task, long total) {
        return start(terminal, task, total, " kB", 1000);
    }

    private static Progress start(Terminal terminal, String task, long total, String unit, long unitSize) {
        if (!terminal.errIsTerminal()) {
            return none();
        }
        OneLine line = new OneLine(terminal.err(), Math.min(MAX_WIDTH, terminal.errWidth() - 1));
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(Math.max(1, total))
                .setUnit(unit, unitSize)
                .setStyle(ProgressBarStyle.builder()
                        .leftBracket("│")
                        .rightBracket("│")
                        .block('█')
                        .fractionSymbols(" ▏▎▍▌▋▊▉")
                        .build())
                .setUpdateIntervalMillis((int) Duration.ofMillis(100).toMillis())
                .continuousUpdate()
                .hideEta()
                .setConsumer(line)
                .build();
        return new Progress(bar, line);
    }

    /** Writes each state of a bar over the one before, and leaves nothing behind: not even an empty line. */
    static final class OneLine implements ProgressBarConsumer {
        private final PrintStream err;
        private final int width;

        /**
         * @param width less than the terminal has, so that it does not go on to another line
         */
        OneLine(PrintStream err, int width) {
            this.err = err;
            this.width = width;
        }

        @Override
        public int getMaxRenderedLength() {
            return width;
        }

        @Override
        public void accept(String bar) {
            err.print("\r" + bar);
        }

        @Override
        public void clear() {
            err.print("\r" + " ".repeat(width) + "\r");
        }

        @Override
        public void close() {
            err.flush();
        }
    }

    /** No bar, for what is over at once. */
    public static Progress none() {
        return new Progress(null, null);
    }

    /** Says how much is done, and with what it goes on. */
    public void at(long done, String what) {
        if (bar != null) {
            bar.stepTo(done);
            // Of one length, so that the bar in front of it stands still.
            bar.setExtraMessage(String.format(" %-" + WHAT + "." + WHAT + "s", what));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            // The library's own clearing is left out when a task is over before the bar's first drawing.
            line.clear();
        }
    }
}
