package org.coppice.delivery.ops;

import java.io.IOException;
import java.util.Objects;

/**
 * Whether this node should get requests. Thread safe.
 *
 * <p>A node is alive as long as it can say so: it is not restarted because its database is away. It is ready while its engine answers
 * and takes writes, and it is neither starting nor stopping.
 */
public final class Health {
    /** Asks the engine. */
    @FunctionalInterface
    public interface Check {
        /**
         * Asks whether it can be read and written.
         *
         * @throws IOException if not; its message, which names nobody, is what the operator is told
         */
        void run() throws IOException;
    }

    private volatile Check check;
    private volatile String reason = "starting";

    /** Of a node that is starting. */
    public Health() {
        this.check = () -> {};
    }

    /** From now on it is ready whenever {@code check} passes. */
    public void started(Check engine) {
        check = Objects.requireNonNull(engine, "engine");
        reason = "";
    }

    /** From now on it is not ready. */
    public void stopping() {
        reason = "stopping";
    }

    /** {@code ready}, or why it is not. */
    public String readiness() {
        if (!reason.isEmpty()) {
            return reason;
        }
        try {
            check.run();
            return "ready";
        } catch (IOException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return "the engine does not answer";
        }
    }
}
