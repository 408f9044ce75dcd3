package org.coppice.testkit.attack;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** The authentication service of a {@link Life}: it vouches for every signature key that it has not withdrawn. Not thread safe. */
final class Withdrawn implements CredentialValidator {
    private final Set<SignaturePublicKey> keys;

    Withdrawn() {
        this(Set.of());
    }

    private Withdrawn(Set<SignaturePublicKey> keys) {
        this.keys = new HashSet<>(keys);
    }

    /** As it is now. */
    Withdrawn copy() {
        return new Withdrawn(keys);
    }

    void add(SignaturePublicKey key) {
        keys.add(key);
    }

    boolean contains(SignaturePublicKey key) {
        return keys.contains(key);
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        if (claims.stream().map(IdentityClaim::signatureKey).anyMatch(keys::contains)) {
            throw new ValidationException(Rule.CREDENTIAL_REJECTED);
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return Bytes.wrap(claim.credential().encoded());
    }
}
