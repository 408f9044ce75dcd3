package org.coppice.cli.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server logs, on standard error: what happens to it, and nothing of who says what to whom. */
final class Logs {
    /** Libraries that tell at the usual level what only their makers want to know. */
    private static final List<String> TALKATIVE =
            List.of("org.eclipse.jetty", "com.zaxxer.hikari", "org.flywaydb", "org.postgresql");

    private Logs() {}

    /** How lines look. */
    enum Format {
        /** For people. */
        text,
        /** For programs: an object in each line. */
        json
    }

    /** From how grave on. */
    enum Grade {
        /** Everything. */
        debug,
        /** What an operator wants to know. */
        info,
        /** What may need something done. */
        warn,
        /** Faults of the program. */
        error
    }

    static void set(Format format, Grade grade) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.valueOf(grade.name()));
        root.addAppender(appender);
        if (grade != Grade.debug) {
            TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        if (format == Format.json) {
            JsonEncoder out = new JsonEncoder();
            out.setContext(context);
            out.setWithSequenceNumber(false);
            out.setWithContext(false);
            out.start();
            return out;
        }
        PatternLayoutEncoder out = new PatternLayoutEncoder();
        out.setContext(context);
        out.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{0}: %msg %kvp%n");
        out.start();
        return out;
    }
}
