package org.coppice.fuzz.mls;

import java.util.Optional;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Target;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.mutate.MutationDriver;

/**
 * A valid message with one or two fields changed and all else made right again, at those it is for; {@link MutationDriver} tells what the
 * bytes of an input choose. What becomes of a single change is held to the testkit's list of expected outcomes, and two changes may be
 * accepted only if each of them alone is.
 */
public final class MutantTarget implements Target {
    /** Its group is not the one that the testkit's own tests begin with. */
    private static final long SEED = 1;

    private final MutationDriver driver;

    public MutantTarget() throws MlsException {
        driver = MutationDriver.of(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, SEED);
    }

    /** How many messages the first byte of an input chooses among. */
    int messages() {
        return driver.messages();
    }

    /** An input has up to three mutants made and delivered, each at several members. */
    @Override
    public Allowance allowance() {
        return new Allowance(64 << 20, 0);
    }

    @Override
    public Outcome run(byte[] input) {
        Optional<org.coppice.testkit.mutate.Outcome> outcome = driver.run(input);
        return outcome.isPresent() && outcome.get().isAccepted() ? Outcome.ACCEPTED : Outcome.REFUSED;
    }
}
