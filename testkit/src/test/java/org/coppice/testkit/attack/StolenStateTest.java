package org.coppice.testkit.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Forward secrecy and post-compromise security: who steals the whole state of a member reads what {@link Fate} says, and nothing
 * else. Each suite has stories of its own. {@code -Dcoppice.test.seed} gives the first seed, {@code -Dattack.lives} and
 * {@code attack.others} how many lives are lived in suite 1 and in each other.
 */
@Tag("long")
class StolenStateTest {
    private static final int STEPS = 60;
    private static final long USUAL_SEED = 20_261_123;
    private static final int LIVES = 9;

    private static final CryptoProvider PROVIDER = CryptoProviders.best();

    @ParameterizedTest
    @FieldSource("org.coppice.mls.crypto.CipherSuite#STANDARD")
    void readsWhatWasNotYetReadUntilTheMemberHealsAndNothingElse(CipherSuite suite) throws MlsException {
        boolean first = suite.equals(CipherSuite.STANDARD.get(0));
        long seed = Long.getLong("coppice.test.seed", USUAL_SEED);
        int lives = Integer.getInteger(first ? "attack.lives" : "attack.others", LIVES);
        System.out.println(suite + ": seeds " + seed + " to " + (seed + lives - 1));
        Map<Fate, Integer> seen = new EnumMap<>(Fate.class);
        for (long s = seed; s < seed + lives; s++) {
            judge(Life.of(suite, PROVIDER, s, STEPS), suite + ", seed " + s, seen);
        }
        if (seed == USUAL_SEED && lives >= LIVES) { // other lives need not meet them all
            assertThat(seen).as("every fate is met").containsOnlyKeys(Fate.values());
        }
        System.out.println(suite + ": " + seen);
    }

    private static void judge(Life life, String where, Map<Fate, Integer> seen) {
        Attacker attacker = life.theft().attacker();
        for (Change change : life.changes()) {
            attacker.follow(change.step());
            change.welcome()
                    .ifPresent(welcome -> attacker.join(welcome, change.step().after()));
        }
        for (SentMessage message : life.messages()) {
            Fate fate = Fate.of(message, life);
            seen.merge(fate, 1, Integer::sum);
            Optional<Bytes> read =
                    attacker.read((PrivateMessage) message.message().body());
            assertThat(read)
                    .as(
                            "%s, theft of %s at %d, message at %d, %s",
                            where, life.theft().victim(), life.theft().time(), message.time(), fate)
                    .isEqualTo(fate.isReadable() ? Optional.of(message.data()) : Optional.empty());
        }
    }

    @Test
    void theTableOfTheDocumentSaysWhatIsTrue() throws IOException {
        String document = Files.readString(ProjectRoot.find().resolve("SECURITY.md"));
        for (Fate fate : Fate.values()) {
            assertThat(document)
                    .contains("| " + fate.description() + " | " + (fate.isReadable() ? "all" : "none") + " |");
        }
    }
}
