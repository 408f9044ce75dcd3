package org.coppice.fuzz.mls;

import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.error.MlsException;

/** Makes the seeds of {@link MutantTarget}: each message unchanged, and a change of each, in one way and another. */
public final class MutantSeeds {
    private static final byte UNCHANGED = 3;

    private MutantSeeds() {}

    /** Writes them. */
    public static void main(String[] args) throws MlsException {
        MutantTarget target = new MutantTarget();
        for (int message = 0; message < target.messages(); message++) {
            Seeds.write(Targets.MUTANT, "good-" + message, new byte[] {(byte) message, UNCHANGED});
            Seeds.write(
                    Targets.MUTANT, "change-" + message, new byte[] {(byte) message, (byte) (message % 3), 0, 40, 1, 0
                    });
        }
    }
}
