package org.coppice.mls.error;

import java.util.Objects;
import java.util.Optional;

/** Bytes are not an encoding of the structure they were read as (RFC 9420 §2.1). */
public final class DecodeException extends MlsException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;
    private final int offset;

    /**
     * @param rule the rule that the bytes break
     * @param offset where in the input, in bytes from its start, the offending field begins
     * @param what what was wrong, without any content of the input
     */
    public DecodeException(Rule rule, int offset, String what) {
        super("at byte " + offset + ": " + what + " (RFC 9420 §" + rule.section() + ")");
        this.rule = Objects.requireNonNull(rule, "rule");
        this.offset = offset;
    }

    /** The rule that the bytes break. */
    public Rule rule() {
        return rule;
    }

    @Override
    public Optional<Rule> brokenRule() {
        return Optional.of(rule);
    }

    /** Where in the input, in bytes from its start, the offending field begins. */
    public int offset() {
        return offset;
    }
}
