package org.coppice.client.model;

import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;

/**
 * A validator that also knows which credentials were revoked after it had accepted them. A client whose validator is one tells it of each
 * member: {@link MemberInfo#revoked}.
 */
public interface RevocationAwareValidator extends CredentialValidator {
    /** Whether a member's credential is revoked, as far as is known now, so that the member is to be removed from its groups. */
    boolean isRevoked(Credential credential);
}
