package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;

/**
 * A member's report that it cannot process an entry that it should have been able to (RFC 9750 §5.3).
 *
 * @param groupId the group
 * @param seq the entry
 * @param rule the name of the rule that the entry breaks, 1 to 64 of {@code A-Z 0-9 _}; no content
 */
public record CannotProcess(Bytes groupId, long seq, String rule) {
    /** The longest name of a rule, in characters. */
    public static final int MAX_RULE_LENGTH = 64;

    /** Checks the ranges. */
    public CannotProcess {
        Objects.requireNonNull(groupId, "groupId");
        Nested.checkNotNegative(seq, "seq");
        if (!isRuleName(rule)) {
            throw new IllegalArgumentException("the name of a rule has 1 to 64 of A-Z 0-9 _");
        }
    }

    /** Whether {@code rule} can be the name of a rule. */
    public static boolean isRuleName(String rule) {
        if (rule.isEmpty() || rule.length() > MAX_RULE_LENGTH) {
            return false;
        }
        for (int i = 0; i < rule.length(); i++) {
            char c = rule.charAt(i);
            if (!(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')) {
                return false;
            }
        }
        return true;
    }
}
