package org.coppice.mls.observer;

import java.util.Objects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.framing.PrivateMessage;

/** What a message turned out to be for an observer of a group, once all was checked that can be checked without secrets. */
public sealed interface Observed {
    /**
     * A PrivateMessage of the present epoch or of a past one, whose content and sender an observer cannot see.
     *
     * @param message the message; only its group and epoch were checked
     */
    record Opaque(PrivateMessage message) implements Observed {
        /** Checks that nothing is missing. */
        public Opaque {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * A handshake message that is valid as far as can be seen, and that has changed nothing yet: {@link PublicGroup#change} says
     * what it writes, {@link PublicGroup#merge} takes it over. Immutable; to drop it, forget it.
     */
    sealed interface Staged extends Observed permits StagedPublicProposal, StagedPublicCommit {
        /** The state in which it was checked, and in which alone it can be merged. */
        GroupState base();
    }
}
