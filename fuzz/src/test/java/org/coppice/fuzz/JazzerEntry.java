package org.coppice.fuzz;

import java.io.IOException;

/** Where Jazzer enters, by these names; the system property {@code coppice.fuzz.target} names the target. */
public final class JazzerEntry {
    private static Target target;
    private static Trial trial;

    private JazzerEntry() {}

    /** Called once. */
    public static void fuzzerInitialize() throws Exception {
        target = Targets.named(System.getProperty("coppice.fuzz.target")).open();
        trial = new Trial(target, Trial.PATIENCE);
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
