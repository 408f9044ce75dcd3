package org.coppice.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error while something takes long; nothing where no person looks at it. */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final int WHAT = 16;

    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
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
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
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
                .clearDisplayOnFinish()
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH))
                .build());
    }

    /** No bar, for what is over at once. */
    public static Progress none() {
        return new Progress(null);
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
        }
    }
}
