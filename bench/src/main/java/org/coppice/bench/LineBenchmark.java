package org.coppice.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One line of the table of speed in JMH, which measures by the clock and one operation after the other: for a quiet machine. Each
 * line is a subclass.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public abstract class LineBenchmark {
    /** Number of members. */
    @Param({"2", "100", "1000"})
    public int members;

    /** Where primitives come from: jdk or native. */
    @Param({"native", "jdk"})
    public String source;

    /** What is measured: coppice, floor or bouncycastle. */
    @Param({"coppice", "floor", "bouncycastle"})
    public String subject;

    private final Line line;
    private Operation operation;

    /** @param line which line */
    LineBenchmark(Line line) {
        this.line = line;
    }

    /**
     * Makes the group.
     *
     * @throws Exception what the operation throws
     */
    @Setup(Level.Trial)
    public void setUp() throws Exception {
        Setting setting = new Setting(Source.valueOf(source.toUpperCase(Locale.ROOT)), members);
        operation = switch (subject) {
            case "coppice" -> line.coppice(setting);
            case "floor" -> line.floor(setting);
            default -> line.bouncyCastle(setting);
        };
    }

    /**
     * Makes the input of one operation.
     *
     * @throws Exception what the operation throws
     */
    @Setup(Level.Invocation)
    public void prepare() throws Exception {
        operation.prepare();
    }

    /**
     * The operation; a floor that takes a sample of the work counts as that sample.
     *
     * @return something of the result
     * @throws Exception what the operation throws
     */
    @Benchmark
    public Object run() throws Exception {
        return operation.run();
    }

    /** Drops the group. */
    @TearDown(Level.Trial)
    public void tearDown() {
        operation.close();
    }
}
