package org.coppice.testkit.mutate;

import org.coppice.mls.error.MlsException;

/** Somebody to whom messages are sent, who is always in the same state when one comes. */
interface Recipient {
    /**
     * Receives a message.
     *
     * @throws AssertionError if it breaks a promise: throws what is no typed refusal, changes anything while refusing, accepts what
     *     others refuse, or allocates more than the bound
     */
    Outcome take(Specimen.Sealed message);

    /** Something that may be refused. */
    @FunctionalInterface
    interface Step {
        void run() throws MlsException;
    }
}
