package org.coppice.testkit.attack;

/** How an application message stands to a {@link Theft}, and whether who has the stolen state can read it. */
public enum Fate {
    BEFORE_JOINING("sent before the member joined", false),
    SENT_BY_VICTIM("sent by the member before the theft", false),
    READ("read by the member before the theft", false),
    OUT_OF_REACH("never received by the member, in an epoch that it does not keep any more", false),
    LATE("not yet received by the member, in a past epoch that it keeps (`GroupPolicy.pastEpochs`)", true),
    WAITING("not yet received by the member, in the present epoch", true),
    UNTIL_HEALED("sent after the theft, before the member brought in new keys or was removed", true),
    AFTER_HEALING("sent after that", false);

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
        Theft theft = life.theft();
        if (message.time() > theft.time()) {
            return Long.compareUnsigned(message.epoch(), healedIn(life)) < 0 ? UNTIL_HEALED : AFTER_HEALING;
        }
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
        return theft.epoch() - message.epoch() <= life.pastEpochs() ? LATE : OUT_OF_REACH;
    }

    /** The first epoch after the theft that the stolen state does not lead to. */
    private static long healedIn(Life life) {
        Theft theft = life.theft();
        return life.changes().stream()
                .filter(change -> change.step().before().epoch() >= theft.epoch())
                .filter(change -> change.shutsOut(theft.victim(), theft.time()))
                .mapToLong(change -> change.step().after().epoch())
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
