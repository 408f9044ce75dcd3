package org.coppice.testkit.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
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
 * else; and what he signs as the member is accepted as {@link Standing} says. Each suite has stories of its own, and suite 1 as many
 * as it takes to meet everything. {@code -Dcoppice.test.seed} gives the first seed, {@code -Dattack.lives} and {@code attack.others} how
 * many lives there are at least in suite 1 and in each other, which with more than usual meets everything, too.
 */
@Tag("long")
class StolenStateTest {
    private static final int STEPS = 60;
    private static final long FIRST_SEED = 20_261_123;
    private static final int LIVES = 6;
    private static final int MOST_LIVES = 60;

    private static final CryptoProvider PROVIDER = CryptoProviders.best();

    @ParameterizedTest
    @FieldSource("org.coppice.mls.crypto.CipherSuite#STANDARD")
    void readsWhatWasNotYetReadUntilTheMemberHealsAndNothingElse(CipherSuite suite) throws MlsException {
        boolean first = suite.equals(CipherSuite.STANDARD.get(0));
        long seed = Long.getLong("coppice.test.seed", FIRST_SEED);
        int lives = Integer.getInteger(first ? "attack.lives" : "attack.others", LIVES);
        System.out.println(suite + ": seeds from " + seed);
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        Map<Standing, Set<Deed>> standings = new EnumMap<>(Standing.class);
        int lived = 0;
        boolean isWhole = first || lives > LIVES;
        while (lived < lives || !isAllMet(isWhole, fates, standings) && lived < Math.max(lives, MOST_LIVES)) {
            String where = suite + ", seed " + (seed + lived);
            Life life = Life.of(suite, PROVIDER, seed + lived, STEPS);
            judgeReading(life, where, fates);
            judgeDeeds(life, where, standings);
            lived++;
        }
        assertThat(isAllMet(isWhole, fates, standings))
                .as("every fate and every deed is met: %s, %s", fates, standings)
                .isTrue();
        System.out.println(lived + " lives in " + suite + ": " + fates + ", " + standings);
    }

    /** @param isWhole whether the rare fates are asked for, too */
    private static boolean isAllMet(boolean isWhole, Map<Fate, Integer> fates, Map<Standing, Set<Deed>> standings) {
        long deeds = standings.values().stream().mapToInt(Set::size).sum();
        // Each is tried where it succeeds and where it does not.
        boolean isEveryFate = fates.size() == Fate.values().length;
        return (isEveryFate || !isWhole) && deeds == 2 * Deed.values().length;
    }

    private static void judgeReading(Life life, String where, Map<Fate, Integer> seen) {
        Attacker attacker = life.theft().attacker();
        for (Change change : life.changes()) {
            attacker.follow(change.step());
            change.welcome()
                    .ifPresent(welcome -> attacker.join(welcome, change.step().after()));
        }
        for (Offshoot offshoot : life.offshoots()) {
            attacker.join(offshoot.welcome(), offshoot.state());
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

    /** What he signs in the member's name, before honest members at several moments after the theft. */
    private static void judgeDeeds(Life life, String where, Map<Standing, Set<Deed>> seen) {
        for (Witness witness : life.witnesses()) {
            for (Deed deed : Deed.values()) {
                for (CredentialValidator validator : List.of(witness.withdrawn(), CredentialValidator.acceptAll())) {
                    Standing standing = Standing.of(deed, witness, validator, life);
                    seen.computeIfAbsent(standing, s -> EnumSet.noneOf(Deed.class))
                            .add(deed);
                    assertThat(deed.succeeds(witness, validator, life.theft()))
                            .as(
                                    "%s, theft of %s at %d, %s in epoch %d, %s",
                                    where,
                                    life.theft().victim(),
                                    life.theft().time(),
                                    deed,
                                    witness.state().epoch(),
                                    standing)
                            .isEqualTo(standing.succeeds());
                }
            }
        }
    }

    @Test
    void theTablesOfTheDocumentSayWhatIsTrue() throws IOException {
        String document = Files.readString(ProjectRoot.find().resolve("SECURITY.md"));
        for (Fate fate : Fate.values()) {
            assertThat(document)
                    .contains("| " + fate.description() + " | " + (fate.isReadable() ? "all" : "none") + " |");
        }
        for (Standing standing : Standing.values()) {
            assertThat(document)
                    .contains("| " + standing.description() + " | " + (standing.succeeds() ? "yes" : "no") + " |");
        }
    }
}
