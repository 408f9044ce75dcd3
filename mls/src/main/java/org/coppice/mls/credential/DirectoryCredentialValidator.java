package org.coppice.mls.credential;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Judges basic credentials by the application's {@link Directory} (RFC 9420 §5.3). Other types of credential are refused; see
 * {@link CredentialValidators#byType}. Thread safe.
 */
public final class DirectoryCredentialValidator implements CredentialValidator {
    private final Directory directory;

    /** @param directory is asked for each credential that is new to the client */
    public DirectoryCredentialValidator(Directory directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * {@inheritDoc}
     *
     * @throws ValidationException with {@link Rule#CREDENTIAL_REJECTED} if a credential is not basic or the directory does not
     *     hold it
     */
    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        for (int i = 0; i < claims.size(); i++) {
            IdentityClaim claim = claims.get(i);
            if (!(claim.credential() instanceof Credential.Basic basic)) {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED, "credential " + i + " is not basic");
            }
            // R-5.3.1-01: the identity is rightly bound to the key.
            if (!directory.holds(basic.identity(), claim.signatureKey())) {
                throw new ValidationException(
                        Rule.CREDENTIAL_REJECTED, "basic credential " + i + ", not in the directory");
            }
        }
    }

    /** The bytes that the credential holds. For another type, which {@link #validate} refuses, the credential's encoding. */
    @Override
    public Bytes identity(IdentityClaim claim) {
        return claim.credential() instanceof Credential.Basic basic
                ? basic.identity()
                : Bytes.wrap(claim.credential().encoded());
    }
}
