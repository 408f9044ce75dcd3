package org.coppice.mls.error;

import java.util.Objects;
import java.util.Optional;

/**
 * Input was well-formed but breaks a rule of RFC 9420, or of the application's policy.
 *
 * <p>Callers branch on {@link #rule()} or on the subclasses, never on the text.
 */
public non-sealed class ValidationException extends MlsException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /** @param rule the rule that is broken */
    public ValidationException(Rule rule) {
        this(rule, "");
    }

    /**
     * @param rule the rule that is broken
     * @param position which object broke it ("leaf 3", "proposal 2"), without any content of the input; may be empty
     */
    public ValidationException(Rule rule, String position) {
        super(rule.description() + (position.isEmpty() ? "" : ": " + position) + " (RFC 9420 §" + rule.section() + ")");
        this.rule = Objects.requireNonNull(rule, "rule");
    }

    /**
     * @param rule the rule that is broken
     * @param position which object broke it; may be empty
     * @param cause what a pluggable check of the application threw
     */
    public ValidationException(Rule rule, String position, Throwable cause) {
        super(
                rule.description() + (position.isEmpty() ? "" : ": " + position) + " (RFC 9420 §" + rule.section()
                        + ")",
                cause);
        this.rule = Objects.requireNonNull(rule, "rule");
    }

    /** The rule that is broken. */
    public final Rule rule() {
        return rule;
    }

    @Override
    public final Optional<Rule> brokenRule() {
        return Optional.of(rule);
    }
}
