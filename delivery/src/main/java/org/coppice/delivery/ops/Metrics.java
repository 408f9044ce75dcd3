package org.coppice.delivery.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server counts, for Prometheus; and one line in the log for each request, of logger {@value #ACCESS_LOG}. Labels are routes,
 * methods, statuses, kinds and rules: closed sets, none of which says who did what. Thread safe.
 */
public final class Metrics implements AutoCloseable {
    /** The logger of requests; its lines are of level debug, those of answers from 500 up of level warn. */
    public static final String ACCESS_LOG = "org.coppice.delivery.requests";

    private static final Logger ACCESS = LoggerFactory.getLogger(ACCESS_LOG);
    private static final int SERVER_ERROR = 500;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Begins to count. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collector.bindTo(registry);
        gauge("coppice.http.requests.active", "Requests being answered, streams included", inFlight::get);
        // From the start, so that a rate over the first commit is not lost.
        for (EntryKind kind : EntryKind.values()) {
            appends(kind);
        }
        commits("accepted");
    }

    /** When a request began. */
    public static final class Sample {
        private final long begun = System.nanoTime();

        private Sample() {}
    }

    /** For what other parts of the server count. */
    public MeterRegistry registry() {
        return registry;
    }

    /** A number that can be asked for at any time. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Counts the runs of {@code chore} that fail. */
    public void chore(Chore chore) {
        FunctionCounter.builder("coppice.chores.failed", chore, Chore::failures)
                .description("Runs that failed of what a node does for itself again and again")
                .tags("chore", chore.name())
                .register(registry);
    }

    /** A request has come. */
    public Sample begin() {
        inFlight.incrementAndGet();
        return new Sample();
    }

    /**
     * The first byte of an answer is on its way.
     *
     * @param route the template of the route, or {@code none}
     * @param tag what the answer is: {@code ok}, or the kind of the problem
     */
    public void answered(Sample sample, String route, String method, int status, String tag) {
        Duration time = Duration.ofNanos(System.nanoTime() - sample.begun);
        // A method of somebody's own making would be a label of somebody's own making.
        String known = route.equals("none") ? "any" : method;
        Timer.builder("coppice.http.requests")
                .description(
                        "Time from a request's header to the first byte of its answer; a waiting read waits on purpose")
                .tags("route", route, "method", known, "status", Integer.toString(status))
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10))
                .register(registry)
                .record(time);
        if (!tag.equals("ok")) {
            int colon = tag.indexOf(':');
            String kind = colon < 0 ? tag : tag.substring(0, colon);
            Counter.builder("coppice.http.problems")
                    .description("Answers that were a refusal, by kind")
                    .tags("kind", kind)
                    .register(registry)
                    .increment();
        }
        (status >= SERVER_ERROR ? ACCESS.atWarn() : ACCESS.atDebug())
                .addKeyValue("method", known)
                .addKeyValue("route", route)
                .addKeyValue("status", status)
                .addKeyValue("answer", tag)
                .addKeyValue("millis", time.toMillis())
                .log("request");
    }

    /** A request is over, stream or not. */
    public void ended(Sample sample) {
        inFlight.decrementAndGet();
    }

    /** An entry is in a log. */
    public void appended(EntryKind kind) {
        appends(kind).increment();
    }

    /** A Commit is in a log. */
    public void commitAccepted() {
        commits("accepted").increment();
    }

    /** A Commit is not: the kind of the problem, and the rule if it was one. */
    public void commitRefused(Problem problem) {
        String kind = problem.kind().wireName();
        commits(problem.rule().map(rule -> kind + ":" + rule).orElse(kind)).increment();
    }

    /** Everything, in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }

    private Counter appends(EntryKind kind) {
        return Counter.builder("coppice.log.appends")
                .description("Entries appended to logs at this node, by kind")
                .tags("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Counter commits(String outcome) {
        return Counter.builder("coppice.commits")
                .description("Commits offered to this node, by what became of them")
                .tags("outcome", outcome)
                .register(registry);
    }
}
