package org.coppice.mls.credential;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.ValidationException;

/**
 * The application's side of the authentication service (RFC 9420 §5.3.1). Each credential that is new to the group is asked
 * for once, all those of one message or one group in one batch. Thread safe.
 */
public interface CredentialValidator {
    /**
     * Checks that each claim's identifiers are rightly bound to its signature key and are acceptable to the application.
     *
     * @throws ValidationException with {@link org.coppice.mls.error.Rule#CREDENTIAL_REJECTED} (or a finer rule of credentials)
     *     if one is not; nothing then changes
     */
    void validate(List<IdentityClaim> claims) throws ValidationException;

    /**
     * Whether the same client may replace {@code previous} by {@code next}; {@code next} has been validated. Also asked
     * whether an external Commit may remove the leaf of {@code previous} as its own old one (§12.2).
     */
    default boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
        return identity(previous).equals(identity(next));
    }

    /**
     * The identity of the client that a claim is for, in an encoding where equal means the same client: to compare the members of
     * two groups (§11.2, §11.3), and to find two Adds for one client where the application asks for it (§12.2).
     */
    Bytes identity(IdentityClaim claim);

    /**
     * Accepts every credential, and takes its encoding for the identity. Only for tests and for applications that check
     * members by {@code Group}'s roster themselves.
     */
    static CredentialValidator acceptAll() {
        return new CredentialValidator() {
            @Override
            public void validate(List<IdentityClaim> claims) {
                // Nothing is refused, as the name says.
            }

            @Override
            public Bytes identity(IdentityClaim claim) {
                return Bytes.wrap(claim.credential().encoded());
            }
        };
    }
}
