package org.coppice.testkit.attack;

/** How an application message stands to a {@link Theft}, and whether who has the stolen state can read it. */
public enum Fate {
    BEFORE_JOINING("sent before the member joined", false),
    SENT_BY_VICTIM("sent by the member before the theft", false),
    READ("read by the member before the theft", false),
    OUT_OF_REACH("never received by the member, in an epoch that it does not keep any more", false),
    LATE("not yet received by the member, in a past epoch that it keeps (`GroupPolicy.pastEpochs`)", true),
    WAITING("not yet received by the member, in the present epoch", true),
    SINCE_LAST_RESORT(
            "any of these, sent after the member was added with a last-resort key package that it still keeps, until it brought in"
                    + " new keys (but not by an Update whose keys it still uses) or was removed",
            true),
    UNTIL_HEALED("sent after the theft, before the member brought in new keys or was removed", true),
    AFTER_HEALING("sent after that, but for the next row", false),
    BACK_BY_OLD(
            "sent after the member, removed meanwhile, was added again with a key package made before the theft, until it brings in"
                    + " new keys or is removed again",
            true),
    BACK_BY_NEW(
            "sent after the member, removed meanwhile, was added again with a key package made after the theft", false),
    ELSEWHERE("in a subgroup or a successor that the member is not in", false),
    OFFSHOOT_BY_OLD(
            "in a subgroup or a successor made after the theft, if the epoch that it continues is read and the member came in with a"
                    + " key package made before the theft",
            true),
    OFFSHOOT("in any other subgroup or successor made after the theft, whatever resumption secrets were stolen", false);

    private final String description;
    private final boolean readable;

    Fate(String description, boolean readable) {
        this.description = description;
        this.readable = readable;
    }

    /** In words, for a table. */
    public String description() {
        return description;
    }

    /** Whether all such messages can be read; otherwise none can. */
    public boolean isReadable() {
        return readable;
    }

    /** The fate of a message, by the story alone and without trying a key. */
    public static Fate of(SentMessage message, Life life) {
        if (message.offshoot().isPresent()) {
            return inOffshoot(message, message.offshoot().get(), life);
        }
        if (message.time() > life.theft().time()) {
            return afterTheft(message.epoch(), life);
        }
        Fate fate = beforeTheft(message, life);
        return !fate.readable && isOpenedByWelcome(message.epoch(), life) ? SINCE_LAST_RESORT : fate;
    }

    private static Fate inOffshoot(SentMessage message, Offshoot offshoot, Life life) {
        Theft theft = life.theft();
        if (!offshoot.has(theft.victim())) {
            return ELSEWHERE;
        }
        boolean opens = theft.opensWelcomeOf(offshoot);
        if (offshoot.made() > theft.time()) {
            return opens && afterTheft(offshoot.origin(), life).readable ? OFFSHOOT_BY_OLD : OFFSHOOT;
        }
        if (opens && hasResumptionPsk(offshoot.origin(), life)) {
            return SINCE_LAST_RESORT;
        }
        if (message.sender().equals(theft.victim())) {
            return SENT_BY_VICTIM;
        }
        return theft.read().contains(message) ? READ : WAITING;
    }

    /** Whether the resumption_psk of an epoch from before the theft was stolen, or follows from what was. */
    private static boolean hasResumptionPsk(long epoch, Life life) {
        Theft theft = life.theft();
        boolean kept =
                epoch >= theft.joined() && epoch > theft.epoch() - life.policy().resumptionPsks();
        return kept || isOpenedByWelcome(epoch, life);
    }

    private static Fate beforeTheft(SentMessage message, Life life) {
        Theft theft = life.theft();
        if (message.epoch() < theft.joined()) {
            return BEFORE_JOINING;
        }
        if (message.sender().equals(theft.victim())) {
            return SENT_BY_VICTIM;
        }
        if (theft.read().contains(message)) {
            return READ;
        }
        if (message.epoch() == theft.epoch()) {
            return WAITING;
        }
        return theft.epoch() - message.epoch() <= life.policy().pastEpochs() ? LATE : OUT_OF_REACH;
    }

    /** Whether an epoch from before the theft is reached from a Welcome that a stolen key package opens. */
    private static boolean isOpenedByWelcome(long epoch, Life life) {
        Theft theft = life.theft();
        boolean open = false;
        for (Change change : life.changes()) {
            if (change.step().after().epoch() > epoch) {
                break;
            }
            boolean shutsOut = change.shutsOut(theft.victim(), Integer.MIN_VALUE) && !broughtStolenLeaf(change, life);
            open = theft.opensWelcomeOf(change) || open && !shutsOut;
        }
        return open;
    }

    /** Whether this Commit covers the Update by which the leaf key came in that the member had when it was robbed. */
    private static boolean broughtStolenLeaf(Change update, Life life) {
        Theft theft = life.theft();
        return update.renewed().containsKey(theft.victim())
                && !update.step().foreignPsk()
                && life.changes().stream()
                        .filter(change -> change.step().before().epoch()
                                        >= update.step().after().epoch()
                                && change.step().before().epoch() < theft.epoch())
                        .noneMatch(change -> change.replacesLeafOf(theft.victim()));
    }

    /** What the Commits from the theft to this epoch have made of the stolen state. */
    static Fate afterTheft(long epoch, Life life) {
        Theft theft = life.theft();
        Fate fate = UNTIL_HEALED;
        for (Change change : life.changes()) {
            if (change.step().before().epoch() < theft.epoch()
                    || change.step().after().epoch() > epoch) {
                continue;
            }
            if (change.shutsOut(theft.victim(), theft.time())) {
                fate = AFTER_HEALING;
            } else if (change.added().containsKey(theft.victim())) {
                fate = theft.opensWelcomeOf(change) ? BACK_BY_OLD : BACK_BY_NEW;
            }
        }
        return fate;
    }
}
