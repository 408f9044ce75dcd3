package org.coppice.mls.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** How tests of validators look at an answer. */
public final class CredentialAssertions {
    private CredentialAssertions() {}

    public static void accepts(CredentialValidator validator, IdentityClaim... claims) throws ValidationException {
        validator.validate(List.of(claims));
    }

    /** Expects {@link Rule#CREDENTIAL_REJECTED} with {@code reason} in the text. */
    public static void rejects(CredentialValidator validator, String reason, IdentityClaim... claims) {
        rejects(validator, Rule.CREDENTIAL_REJECTED, reason, claims);
    }

    public static void rejects(CredentialValidator validator, Rule rule, String reason, IdentityClaim... claims) {
        ValidationException thrown =
                catchThrowableOfType(ValidationException.class, () -> validator.validate(List.of(claims)));
        assertThat(thrown).as("exception").isNotNull();
        assertThat(thrown.rule()).isEqualTo(rule);
        assertThat(thrown).hasMessageContaining(reason);
    }
}
