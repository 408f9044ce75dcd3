package org.coppice.testkit.mutate;

import java.util.Set;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;

/**
 * What became of a message.
 *
 * @param name the rule by which it was refused, "CRYPTO" if an operation failed without one, or one of the constants
 * @param isMalformed whether a decoder refused it
 */
public record Outcome(String name, boolean isMalformed) {
    /** Received as valid. */
    public static final Outcome ACCEPTED = new Outcome("accepted", false);
    /** Received as valid by some, and refused by others to whom something else is encrypted. */
    public static final Outcome SPLIT = new Outcome("split", false);
    /** Received as a message of another kind, which the recipient has no use for. */
    static final Outcome OTHER_KIND = new Outcome("other kind", false);
    /** Taken for a message of the receiver's own, which has no effect. */
    public static final Outcome OWN = new Outcome("own", false);

    /** In a list of expected outcomes: refused by any rule of a decoder. */
    static final String MALFORMED = "malformed";
    /** Refused because an operation failed, for which RFC 9420 has no rule but that it fails. */
    static final String CRYPTO = "CRYPTO";

    /** By these a member refuses, and an observer cannot. */
    private static final Set<String> SECRET_RULES = Set.of(
            "MEMBERSHIP_TAG",
            "CONFIRMATION_TAG",
            "PATH_KEY_MISMATCH",
            "PATH_DECRYPTION",
            "PSK_UNKNOWN",
            CRYPTO,
            "own",
            "GENERATION_CONSUMED");

    /** A refusal, which has to be typed. */
    public static Outcome of(MlsException refusal) {
        if (refusal instanceof ValidationException validation) {
            return new Outcome(validation.rule().name(), false);
        }
        if (refusal instanceof DecodeException decode) {
            return new Outcome(decode.rule().name(), true);
        }
        if (refusal instanceof CryptoException) {
            return new Outcome(CRYPTO, false);
        }
        throw new AssertionError("a refusal of no family", refusal);
    }

    /** Whether the message had an effect. */
    public boolean isAccepted() {
        return equals(ACCEPTED);
    }

    /** Whether it had no effect on anybody. */
    public boolean isRefused() {
        return !equals(ACCEPTED) && !equals(SPLIT);
    }

    /** Whether a member came to it by what only members have, so that an observer may come to another. */
    public boolean needsSecrets() {
        return SECRET_RULES.contains(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
