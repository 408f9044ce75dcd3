package org.coppice.cli.demo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/** An authentication service in memory (RFC 9750 §4): it knows which signature keys belong to which name. */
final class Registrar implements CredentialValidator {
    private final Map<Bytes, Set<SignaturePublicKey>> keys = new HashMap<>();

    void register(Bytes name, SignaturePublicKey key) {
        keys.computeIfAbsent(name, n -> new HashSet<>()).add(key);
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        for (IdentityClaim claim : claims) {
            if (!keys.getOrDefault(identity(claim), Set.of()).contains(claim.signatureKey())) {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED);
            }
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return claim.credential() instanceof Credential.Basic basic ? basic.identity() : Bytes.EMPTY;
    }
}
