package org.coppice.testkit.heap;

import java.util.Set;

/**
 * Which secrets a member may still hold at a moment (RFC 9420 §9.2, §14, §15.3; and what the policy keeps). A rule of its own: it knows
 * the labels and phases of the log, and nothing of what the library does.
 */
final class Lifetimes {
    private static final Set<String> SUCCESSORS = Set.of("tree", "handshake", "application", "secret");

    private Lifetimes() {}

    /** Whether {@code secret} may be in the dump taken at {@code moment}, which is number {@code dump} from 0. */
    static boolean mayLive(LoggedSecret secret, Moment moment, int dump) {
        if (secret.kind() == SecretKind.SIGNATURE_KEY) {
            return moment.kept().contains(secret.name());
        }
        if (moment.epoch() == Moment.CLOSED) {
            return false;
        }
        Phase phase = secret.phase();
        boolean kept = moment.kept().contains(phase.label());
        return switch (secret.kind()) {
            case PATH_SECRET, KEY_SCHEDULE, PSK, HPKE, SENDER_DATA_KEY, EXPORTED, PLAINTEXT -> false;
            case MESSAGE_KEY, INIT_KEY -> kept;
            case RATCHET -> isKeptEpoch(phase.from(), moment) && !isUsedUp(secret, dump);
            case TREE_NODE ->
                secret.label().equals("encryption")
                        ? isEntered(phase, kept) && isKeptEpoch(phase.to(), moment) && !isUsedUp(secret, dump)
                        : isKeptEpoch(phase.from(), moment) && !isUsedUp(secret, dump);
            case SENDER_DATA -> isEntered(phase, kept) && isKeptEpoch(phase.to(), moment);
            case EPOCH -> kept || isEntered(phase, false) && phase.to() == moment.epoch();
            case RESUMPTION ->
                kept || isEntered(phase, false) && phase.to() > moment.epoch() - HeapScene.RESUMPTION_PSKS;
            case TREE_KEY -> kept || isEntered(phase, false) && !(moment.refreshed() && secret.dumpsBefore() < dump);
            case SIGNATURE_KEY -> throw new AssertionError("answered above");
        };
    }

    private static boolean isEntered(Phase phase, boolean kept) {
        return kept || !phase.label().equals(Phase.DROPPED);
    }

    /** The present one, those that the policy keeps, and the one to which a pending Commit leads. */
    private static boolean isKeptEpoch(long epoch, Moment moment) {
        return epoch >= moment.epoch() - moment.pastEpochs() && epoch <= moment.epoch() + 1;
    }

    /** A dropped Commit used its sender's key; the others may keep that, as they have not accepted a message with it. */
    private static boolean isUsedUp(LoggedSecret secret, int dump) {
        return secret.uses().stream()
                .anyMatch(use -> use.dumpsBefore() <= dump
                        && SUCCESSORS.contains(use.derivation().label())
                        && !use.phase().label().equals(Phase.DROPPED));
    }
}
