package org.coppice.client.model;

import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Accepts basic credentials that name a client. That the client is who it says is for people to compare (safety numbers): until then
 * members show as unverified. Only a credential of the same name succeeds another. Thread safe.
 */
public final class NamedClients implements CredentialValidator {
    /** Has no state. */
    public NamedClients() {}

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        for (int i = 0; i < claims.size(); i++) {
            if (!(claims.get(i).credential() instanceof Credential.Basic basic)
                    || ClientId.ofIdentity(basic.identity()).isEmpty()) {
                throw new ValidationException(
                        Rule.CREDENTIAL_REJECTED, "credential " + i + " is not a basic one that names a client");
            }
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return claim.credential() instanceof Credential.Basic basic
                ? basic.identity()
                : Bytes.wrap(claim.credential().encoded());
    }
}
