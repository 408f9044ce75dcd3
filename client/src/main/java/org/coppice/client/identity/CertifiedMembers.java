package org.coppice.client.identity;

import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.client.model.RevocationAwareValidator;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Believes members whose certificates the authority has issued: path validation (PKIX) up to the anchor, messaging as extended key usage,
 * one {@code coppice:} URI as name, and not revoked. One process for all members (RFC 9750 §6.5):
 *
 * <ul>
 *   <li>a key package that this client is about to use must be of a certificate that is valid now, by a revocation list that is not past
 *       its {@code nextUpdate}; without such a list nobody is added;
 *   <li>what arrives in a group (Adds, Updates, Commits, and the members of a group to be joined) may have been revoked, and all but the
 *       last may have expired, up to {@link Builder#catchUp} ago. When those messages were sent they were right, and the service would not
 *       have taken them otherwise; a client that came back late and refused them would be lost to the group. Who is revoked then is to
 *       be removed: {@link #isRevoked} tells, and so does each conversation's list of members.
 * </ul>
 *
 * <p>Thread safe.
 */
public final class CertifiedMembers implements RevocationAwareValidator {
    private final Clock clock;
    private final RevocationList list;
    private final Duration catchUp;
    private final X509CredentialValidator now;
    private final X509CredentialValidator late;

    private CertifiedMembers(Builder builder) {
        clock = builder.clock;
        list = builder.list;
        catchUp = builder.catchUp;
        now = builder.base()
                .revocation(chain -> list.revokedSince(chain.certificates()).isPresent())
                .build();
        late = builder.base()
                .expiryGrace(catchUp)
                .revocation(chain -> list.revokedSince(chain.certificates())
                        .filter(since -> !since.plus(catchUp).isAfter(clock.instant()))
                        .isPresent())
                .build();
    }

    /**
     * Begins a validator.
     *
     * @param anchor who is trusted
     * @param list what is known of revocations; the application keeps it up to date ({@link CertificateKeeper})
     */
    public static Builder builder(Anchor anchor, RevocationList list, Clock clock) {
        return new Builder(anchor, list, clock);
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        List<IdentityClaim> used = new ArrayList<>();
        List<IdentityClaim> arrived = new ArrayList<>();
        for (IdentityClaim claim : claims) {
            (claim.event() == IdentityClaim.Event.KEY_PACKAGE ? used : arrived).add(claim);
        }
        if (!used.isEmpty()) {
            if (list.nextUpdate().filter(end -> end.isAfter(clock.instant())).isEmpty()) {
                throw new ValidationException(
                        Rule.CREDENTIAL_REJECTED, "there is no revocation list of today: synchronize first");
            }
            now.validate(used);
        }
        if (!arrived.isEmpty()) {
            late.validate(arrived);
        }
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return now.identity(claim);
    }

    /**
     * Whether a member's certificate is revoked, as far as the list tells, so that the member is to be removed from its groups.
     *
     * @param credential any; one that is no readable certificate is not revoked
     */
    @Override
    public boolean isRevoked(Credential credential) {
        return chain(credential).flatMap(list::revokedSince).isPresent();
    }

    /** The client that a certificate names, if it is one. It is not validated. */
    public static Optional<ClientId> clientOf(Credential credential) {
        return chain(credential).flatMap(chain -> CertifiedClient.of(chain.get(0)));
    }

    /** Until when a credential is valid; empty if it is no certificate. */
    public static Optional<Instant> expiryOf(Credential credential) {
        return chain(credential).map(chain -> chain.get(0).getNotAfter().toInstant());
    }

    static Optional<List<X509Certificate>> chain(Credential credential) {
        if (!(credential instanceof Credential.X509 x509) || x509.certificates().isEmpty()) {
            return Optional.empty();
        }
        List<X509Certificate> out = new ArrayList<>();
        try {
            for (Bytes der : x509.certificates()) {
                out.add(Certificates.decode(der));
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(out);
    }

    /** Collects what a validator judges by. Not thread safe. */
    public static final class Builder {
        private final Anchor anchor;
        private final RevocationList list;
        private final Clock clock;
        private Duration catchUp = Duration.ofDays(14);
        private Workers workers = Workers.sequential();
        /** {@code null} for whichever the platform prefers. */
        private Provider provider;

        private Builder(Anchor anchor, RevocationList list, Clock clock) {
            this.anchor = Objects.requireNonNull(anchor, "anchor");
            this.list = Objects.requireNonNull(list, "list");
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /** Sets how long ago what arrives may have expired or been revoked; without it 14 days. Zero refuses it at once. */
        public Builder catchUp(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("a negative duration");
            }
            catchUp = value;
            return this;
        }

        /** Sets who helps to verify large groups. */
        public Builder workers(Workers value) {
            workers = Objects.requireNonNull(value, "workers");
            return this;
        }

        /** Sets the provider of certificates and path validation, where the platform's does not know the algorithms. */
        public Builder provider(Provider value) {
            provider = Objects.requireNonNull(value, "provider");
            return this;
        }

        private X509CredentialValidator.Builder base() {
            X509CredentialValidator.Builder out = X509CredentialValidator.builder(clock)
                    .trust(anchor.certificate())
                    .identity(CertifiedClient::identity)
                    .requireExtendedKeyUsage(CertifiedClient.EXTENDED_KEY_USAGE)
                    .workers(workers);
            return provider == null ? out : out.provider(provider);
        }

        /** The validator. */
        public CertifiedMembers build() {
            return new CertifiedMembers(this);
        }
    }
}
