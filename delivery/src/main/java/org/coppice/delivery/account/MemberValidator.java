package org.coppice.delivery.account;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * What the service believes of the credentials in groups that it follows: each is one that the client that it names has registered with
 * this key, or a certificate of the service's authority. So no member can smuggle in a leaf under another's name. A credential that was
 * replaced still counts, because a group may lag behind; none does of a client that was shut out.
 *
 * <p>An external sender is the group's own choice: its key need not belong to a client of this service.
 */
public final class MemberValidator implements CredentialValidator {
    private final Engine engine;
    private final Optional<? extends CredentialValidator> authority;

    /**
     * @param engine where credentials are registered
     * @param authority judges X.509 credentials, if the service has an authority
     */
    public MemberValidator(Engine engine, Optional<? extends CredentialValidator> authority) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.authority = Objects.requireNonNull(authority, "authority");
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        List<IdentityClaim> certified = new ArrayList<>();
        List<IdentityClaim> registered = new ArrayList<>();
        for (IdentityClaim claim : claims) {
            if (claim.event() != IdentityClaim.Event.EXTERNAL_SENDER) {
                boolean vouched = claim.credential() instanceof Credential.X509 && authority.isPresent();
                (vouched ? certified : registered).add(claim);
            }
        }
        if (!certified.isEmpty()) {
            authority.orElseThrow().validate(certified);
        }
        if (!registered.isEmpty()) {
            checkRegistered(registered);
        }
    }

    private void checkRegistered(List<IdentityClaim> claims) throws ValidationException {
        boolean all;
        try {
            all = engine.read(tx -> {
                for (IdentityClaim claim : claims) {
                    Optional<ClientId> client = Identities.clientOf(claim.credential());
                    if (client.isEmpty()
                            || !ClientTable.hasHad(tx, client.get(), claim.credential(), claim.signatureKey())) {
                        return false;
                    }
                }
                return true;
            });
        } catch (DeliveryException | IOException e) {
            // Carried through the MLS engine, which knows nothing of databases, to the one who called it.
            throw new DirectoryUnavailableException(e);
        }
        if (!all) {
            throw new ValidationException(Rule.CREDENTIAL_REJECTED, "not registered");
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return Identities.clientOf(claim.credential())
                .map(ClientId::identity)
                .orElseGet(() -> Bytes.wrap(claim.credential().encoded()));
    }
}
