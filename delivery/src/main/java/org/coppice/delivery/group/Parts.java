package org.coppice.delivery.group;

import java.util.Objects;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.hint.HintHub;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.environment.Environment;

/**
 * What everything about groups works with.
 *
 * @param engine the database
 * @param environment cryptography, time, and who judges credentials
 * @param requests where answers are remembered
 * @param hub who is told
 * @param inbox where Welcomes go
 * @param sizes how large things may be
 * @param keptEpochs of how many past epochs GroupInfo and tree are kept
 * @param lateEpochs of how many past epochs application messages are taken
 */
public record Parts(
        Engine engine,
        Environment environment,
        Requests requests,
        HintHub hub,
        Inbox inbox,
        SizeLimits sizes,
        int keptEpochs,
        int lateEpochs) {
    /** Checks that nothing is missing. */
    public Parts {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(hub, "hub");
        Objects.requireNonNull(inbox, "inbox");
        Objects.requireNonNull(sizes, "sizes");
    }

    long now() {
        return environment.clock().millis();
    }
}
