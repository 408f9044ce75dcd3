package org.coppice.delivery.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What fails is told once and counted, and comes again. */
class ChoreTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Chore.class);
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private Chore.Work next = () -> {};

    private final Chore chore = new Chore("sweeping", () -> next.run());

    @BeforeEach
    void listen() {
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        told.start();
        logger.addAppender(told);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(told);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private void run(Chore.Work work) {
        next = work;
        chore.run();
    }

    @Test
    void goesOnAfterAnythingThatIsThrown() {
        run(() -> {
            throw new StackOverflowError("of a chore");
        });
        run(() -> {
            throw new IllegalStateException("a bug");
        });
        run(() -> {
            throw new IOException("away");
        });
        run(() -> {
            throw Problem.of(ProblemKind.UNAVAILABLE, "away").asException();
        });
        assertThat(chore.failures()).isEqualTo(4);
        assertThat(told.list).as("the first of them").hasSize(1);
        run(() -> {});
        run(() -> {});
        run(() -> {
            throw new IOException("away again");
        });
        assertThat(chore.failures()).isEqualTo(5);
        assertThat(told.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR, Level.INFO, Level.WARN);
        assertThat(told.list.get(2).getFormattedMessage()).contains("sweeping", "away again");
    }

    @Test
    void isCounted() {
        try (Metrics metrics = new Metrics()) {
            metrics.chore(chore);
            assertThat(metrics.scrape()).contains("coppice_chores_failed_total{chore=\"sweeping\"} 0.0");
            run(() -> {
                throw new IllegalStateException("a bug");
            });
            assertThat(metrics.scrape()).contains("coppice_chores_failed_total{chore=\"sweeping\"} 1.0");
        }
    }
}
