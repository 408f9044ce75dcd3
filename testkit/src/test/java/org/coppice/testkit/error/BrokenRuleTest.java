package org.coppice.testkit.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.Test;

/** One question for every refusal: which rule? */
class BrokenRuleTest {
    @Test
    void malformedInputBreaksARule() {
        MlsException e = catchThrowableOfType(MlsException.class, () -> MlsMessage.decode(new byte[] {0, 2, 0, 1}));
        assertThat(e.brokenRule()).contains(Rule.UNKNOWN_VERSION);
    }

    @Test
    void invalidInputBreaksARuleAlsoIfItHasAClassOfItsOwn() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        Group alice = scene.group("alice");
        MlsMessage old = scene.group("bob").proposeUpdate();
        alice.merge(alice.commit().build());
        StaleEpochException e = catchThrowableOfType(StaleEpochException.class, () -> alice.receive(Scene.wire(old)));
        assertThat(((MlsException) e).brokenRule()).contains(Rule.STALE_EPOCH);
    }

    @Test
    void anOperationThatFailsBreaksNone() {
        MlsException e = CryptoException.decryptionFailed();
        assertThat(e.brokenRule()).isEmpty();
    }
}
