package org.coppice.testkit.mutate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;

/** Specimens of every kind from one epoch of one group, which borrow fields from another group, epoch and sender. */
public final class Specimens {
    private final Map<String, Specimen> byName = new LinkedHashMap<>();

    private Specimens(List<Specimen> made) {
        made.forEach(specimen -> byName.put(specimen.name(), specimen));
    }

    /** How a group comes to be. */
    private interface Growth {
        Cast grow(SeededRandomness random, String groupId) throws MlsException;
    }

    /** Messages in the group that {@link Cast#of} makes. */
    public static Specimens of(CipherSuite suite, long seed) throws MlsException {
        return of((random, groupId) -> Cast.of(suite, random, groupId), seed);
    }

    /** Messages in a group of two to {@code most} members that grew at random. */
    public static Specimens random(CipherSuite suite, long seed, int most) throws MlsException {
        return of((random, groupId) -> Cast.random(suite, random, groupId, most), seed);
    }

    private static Specimens of(Growth growth, long seed) throws MlsException {
        SeededRandomness random = new SeededRandomness("mutate " + seed);
        // The same seed gives the same group, so that the donors are of the very group, epoch or member.
        Cast cast = growth.grow(random.fork("group"), "group");
        Cast earlier = growth.grow(random.fork("group"), "group");
        Cast same = growth.grow(random.fork("group"), "group");
        Cast foreign = growth.grow(random.fork("foreign"), "fremd");
        cast.commit();
        same.commit();
        // One more member and epoch, so that these differ, too.
        foreign.commit();
        foreign.add(0, 1);
        earlier.stir();
        same.stir();
        Specimens out = new Specimens(take(cast, 0));
        out.borrow(Mutation.OF_ANOTHER_EPOCH, take(earlier, 0));
        out.borrow(Mutation.OF_ANOTHER_SENDER, take(same, 1));
        out.borrow(Mutation.OF_ANOTHER_GROUP, take(foreign, 0));
        for (Cast donor : List.of(earlier, same, foreign)) {
            cast.ring().addAll(donor.ring());
        }
        return out;
    }

    private static List<Specimen> take(Cast cast, int sender) throws MlsException {
        cast.say(sender);
        Stage stage = new Stage(cast, sender);
        CommitSpecimens commits = new CommitSpecimens(stage);
        commits.make();
        new ProposalSpecimens(stage).make();
        new JoinSpecimens(stage).make();
        // Last, because proposals that wait would be in everything else.
        commits.makeByReference();
        return stage.made();
    }

    private void borrow(Mutation mutation, List<Specimen> donors) {
        for (Specimen donor : donors) {
            Specimen own = byName.get(donor.name());
            if (own != null) {
                own.lend(mutation, donor.open());
            }
        }
    }

    /** All of them, in the order in which they were taken. */
    public List<Specimen> all() {
        return List.copyOf(byName.values());
    }

    /** The one of this name. */
    public Specimen get(String name) {
        return byName.get(name);
    }
}
