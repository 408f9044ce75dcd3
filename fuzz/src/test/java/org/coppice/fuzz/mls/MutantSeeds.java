package org.coppice.fuzz.mls;

import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Target;
import org.coppice.fuzz.Targets;
import org.coppice.mls.error.MlsException;

/** Makes the seeds of {@link MutantTarget}: for each message, the first change that is valid. */
public final class MutantSeeds {
    private MutantSeeds() {}

    /** Writes them. */
    public static void main(String[] args) throws MlsException {
        MutantTarget target = new MutantTarget();
        for (int message = 0; message < target.messages(); message++) {
            byte[] input = {(byte) message, 0, 0, 0};
            int change = 0;
            while (target.run(input) != Target.Outcome.ACCEPTED) {
                change++;
                input = new byte[] {(byte) message, 0, (byte) (change >> 8), (byte) change};
            }
            Seeds.write(Targets.MUTANT, "good-" + message, input);
        }
        Seeds.write(Targets.MUTANT, "on-the-wire", new byte[] {0, 2, 1, 0});
        Seeds.write(Targets.MUTANT, "two-changes", new byte[] {1, 1, 0, 40, 3, 0});
    }
}
