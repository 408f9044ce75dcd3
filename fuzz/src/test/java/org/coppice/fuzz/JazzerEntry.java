package org.coppice.fuzz;

import java.io.IOException;
import java.time.Duration;

/** Where Jazzer enters, by these names; the system property {@code coppice.fuzz.target} names the target. */
public final class JazzerEntry {
    /** Many times what the dearest input takes, with Jazzer's instruments in the code. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Target target;
    private static Trial trial;

    private JazzerEntry() {}

    /** Called once. */
    public static void fuzzerInitialize() throws Exception {
        target = Targets.named(System.getProperty("coppice.fuzz.target")).open();
        trial = new Trial(target, PATIENCE);
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        trial.run(input);
    }

    /** Called at the end, also when a run is broken off. */
    public static void fuzzerTearDown() throws IOException {
        target.close();
    }
}
