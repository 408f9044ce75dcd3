package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.Outsider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Names that others choose, all with one hash code: in a hash table of records each costs a look at all before it, so that a few
 * megabytes of a stranger's Commit kept members and observers busy for minutes. Counted is the processor's time, which other programs
 * do not change.
 */
class CollidingNamesTest {
    private static final int BITS = 17;
    private static final int NAMES = 1 << BITS;
    /** What the fuzzer grants an input; needed is a small part of it. */
    private static final long MOST_NANOS = 10_000_000_000L;

    private Scene scene;
    private Outsider stranger;

    @BeforeEach
    void twoMembersAndAStranger() throws MlsException {
        scene = Scene.of("alice", "bob");
        stranger = new Outsider(
                scene.client("stranger").client(), scene.group("bob").state());
    }

    /** Different strings with the same hash code: 31 in the second byte of a pair weighs as much as 1 in the first. */
    private static Bytes name(int number) {
        byte[] out = new byte[2 * BITS];
        for (int bit = 0; bit < BITS; bit++) {
            boolean isSet = (number >> bit & 1) == 1;
            out[2 * bit] = (byte) (isSet ? 1 : 0);
            out[2 * bit + 1] = (byte) (isSet ? 0 : 31);
        }
        return Bytes.wrap(out);
    }

    private static void isDoneSoon(ThrowingCallable call) throws Throwable {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        call.call();
        assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(MOST_NANOS);
    }

    @Test
    void theNamesCollide() {
        Set<Integer> hashes = new HashSet<>();
        Set<Bytes> names = new HashSet<>();
        for (int i = 0; i < NAMES; i++) {
            hashes.add(name(i).hashCode());
            names.add(name(i));
        }
        assertThat(hashes).hasSize(1);
        assertThat(names).hasSize(NAMES);
    }

    @Test
    void preSharedKeysOfAStranger() throws Throwable {
        List<Proposal> proposals = new ArrayList<>(List.of(stranger.externalInit()));
        for (int i = 0; i < NAMES; i++) {
            proposals.add(new Proposal.PreSharedKey(new PreSharedKeyId.External(name(i), Bytes.EMPTY)));
        }
        MlsMessage commit = stranger.externalCommit(new LeafIndex(2), proposals.toArray(Proposal[]::new));
        isDoneSoon(() -> Refusals.refuses(Rule.PSK_COUNT, scene.actor("bob"), commit));
    }
}
