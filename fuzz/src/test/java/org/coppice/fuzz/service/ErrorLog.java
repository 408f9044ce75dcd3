package org.coppice.fuzz.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.fuzz.Escape;
import org.slf4j.LoggerFactory;

/** What our code logs at level ERROR, which it does of bugs, on whatever thread. */
final class ErrorLog implements AutoCloseable {
    private static final Logger OURS = (Logger) LoggerFactory.getLogger("org.coppice");

    private final AtomicReference<ILoggingEvent> first = new AtomicReference<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                first.compareAndSet(null, event);
            }
        }
    };

    ErrorLog() {
        appender.setContext(OURS.getLoggerContext());
        appender.start();
        OURS.addAppender(appender);
    }

    /** Throws an {@link Escape} if anything was logged since the last time. */
    void check() {
        ILoggingEvent event = first.getAndSet(null);
        if (event != null) {
            String trace =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            throw new Escape("an error was logged: " + event.getFormattedMessage() + "\n" + trace);
        }
    }

    @Override
    public void close() {
        OURS.detachAppender(appender);
        appender.stop();
    }
}
