package org.coppice.fuzz;

import java.time.Duration;

/** Where Jazzer enters, by these names; the system property {@code coppice.fuzz.target} names the target. */
public final class JazzerEntry {
    /** Many times what the dearest input takes, with Jazzer's instruments in the code. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Trial trial;

    private JazzerEntry() {}

    /** Called once. */
    public static void fuzzerInitialize() throws Exception {
        trial = new Trial(
                Targets.named(System.getProperty("coppice.fuzz.target")).open(), PATIENCE);
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        trial.run(input);
    }
}
