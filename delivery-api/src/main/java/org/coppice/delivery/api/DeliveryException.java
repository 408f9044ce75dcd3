package org.coppice.delivery.api;

import java.util.Objects;

/** The service answered, and the answer is no. A request that was refused has changed nothing. */
public final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** @param problem what is wrong */
    public DeliveryException(Problem problem) {
        this(problem, null);
    }

    /**
     * @param problem what is wrong
     * @param cause what the service met, or null
     */
    public DeliveryException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = Objects.requireNonNull(problem, "problem");
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }

    /** What kind of problem it is. */
    public ProblemKind kind() {
        return problem.kind();
    }
}
