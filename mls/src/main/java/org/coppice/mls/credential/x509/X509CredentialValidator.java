package org.coppice.mls.credential.x509;

import java.security.Provider;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.CredentialValidators;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * Judges x509 credentials by path validation up to given trust anchors (RFC 9420 §5.3, RFC 5280 §6). Other types of credential
 * are refused; see {@link CredentialValidators#byType}.
 *
 * <p>A credential passes if all of this holds:
 *
 * <ul>
 *   <li>its certificates are within the limits, each one DER value, the end entity's first, each followed by its issuer's;
 *   <li>the end entity's certificate is for exactly the signature key of the leaf, as raw bytes, under the algorithm identifier
 *       of a standard suite's signatures (or a {@linkplain Builder#keyAlgorithm further} one); points are uncompressed;
 *   <li>its key usage, if it has that extension, allows digital signatures;
 *   <li>the platform validates the path, completed from the application's store if issuers were left out, at the clock's time;
 *   <li>no certificate is revoked, as far as the application has something to ask: none of it is on by default;
 *   <li>{@link CertificateIdentity} finds an identity in it.
 * </ul>
 *
 * <p>Only credentials that are new to the client are judged, so a member whose certificate has expired may still sign, and may
 * replace it by a valid one (§5.3.2). No exception names a subject: callers see the rule, the position and the kind of failure.
 *
 * <p>Nothing here reads a network unless the application hands in what does, or has switched on the JVM's own properties for
 * that ({@code com.sun.security.enableCRLDP}, {@code ocsp.enable}; they matter for {@link Builder#revocationLists} only).
 * Thread safe, if what it is built from is.
 */
public final class X509CredentialValidator implements CredentialValidator {
    private final X509Checks checks;
    private final Workers workers;

    private X509CredentialValidator(Builder builder) {
        checks = new X509Checks(builder);
        workers = builder.workers;
    }

    /**
     * Begins a validator.
     *
     * @param clock says at what time certificates must be valid
     */
    public static Builder builder(Clock clock) {
        return new Builder(clock);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ValidationException with {@link Rule#CREDENTIAL_KEY_MISMATCH} if a certificate is for another key than the
     *     claim's or for one of another algorithm or form, with {@link Rule#CREDENTIAL_REJECTED} for everything else
     */
    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        PathValidation validation = checks.pathValidation();
        try {
            workers.forEach(claims.size(), i -> validate(i, claims.get(i), validation));
        } catch (ValidationException e) {
            throw e;
        } catch (MlsException e) {
            throw new AssertionError("no task throws another kind", e);
        }
    }

    private void validate(int index, IdentityClaim claim, PathValidation validation) throws ValidationException {
        if (!(claim.credential() instanceof Credential.X509 credential)) {
            throw new ValidationException(Rule.CREDENTIAL_REJECTED, "credential " + index + " is not x509");
        }
        try {
            checks.check(credential, claim, validation);
        } catch (Refusal refusal) {
            throw refusal.of(index);
        }
    }

    /**
     * What the {@link CertificateIdentity} says of the end entity's certificate, to show who a member is: of the roster, of a staged
     * Commit's effects, of a message's sender. Judges nothing: members were judged before they came in.
     *
     * @param credential such as {@code member.credential()}
     * @return empty if it says nothing, the certificate cannot be read, or the credential is of another type
     */
    public Optional<Bytes> identity(Credential credential) {
        return credential instanceof Credential.X509 chain ? checks.identity(chain) : Optional.empty();
    }

    /**
     * What the {@link CertificateIdentity} says of the end entity's certificate. If it says nothing or there is no readable
     * certificate, so that {@link #validate} refuses the credential, the credential's encoding.
     */
    @Override
    public Bytes identity(IdentityClaim claim) {
        return identity(claim.credential())
                .orElseGet(() -> Bytes.wrap(claim.credential().encoded()));
    }

    /** Collects what an {@link X509CredentialValidator} judges by. Not thread safe. */
    public static final class Builder {
        final Clock clock;
        final Set<TrustAnchor> anchors = new LinkedHashSet<>();
        final List<SubjectKey.Algorithm> keyAlgorithms = new ArrayList<>(SubjectKey.STANDARD);
        CertificateSource intermediates = subject -> List.of();
        RevocationChecker revocation = RevocationChecker.none();
        /** {@code null} if certificates pass without lists. */
        Supplier<? extends Collection<? extends X509CRL>> revocationLists;

        /** {@code null} if there is none. */
        PKIXRevocationChecker platformRevocation;

        CertificateIdentity identity = CertificateIdentity.subjectNames();
        Duration expiryGrace = Duration.ZERO;
        int maxCertificates = 8;
        int maxCertificateBytes = 1 << 14;
        /** {@code null} if any use will do. */
        String extendedKeyUsage;

        Workers workers = Workers.sequential();
        /** {@code null} for whichever providers the platform prefers. */
        Provider provider;

        private Builder(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /**
         * Trusts these authorities. Of an anchor only name and key count (RFC 5280 §6.1.1): neither the validity nor the name
         * constraints of its own certificate are applied. Constraints belong into a certificate below it.
         *
         * @throws IllegalArgumentException if an anchor carries name constraints, which the platform does not apply
         */
        public Builder trust(TrustAnchor... anchors) {
            for (TrustAnchor anchor : anchors) {
                if (anchor.getNameConstraints() != null) {
                    throw new IllegalArgumentException("name constraints of an anchor are not supported");
                }
                this.anchors.add(anchor);
            }
            return this;
        }

        /** Trusts the subjects of these certificates, as {@link #trust(TrustAnchor...)} says. */
        public Builder trust(X509Certificate... authorities) {
            for (X509Certificate authority : authorities) {
                anchors.add(new TrustAnchor(authority, null));
            }
            return this;
        }

        /** Completes chains whose sender left issuers out (RFC 9420 §5.3). Without it, chains have to reach an anchor. */
        public Builder intermediates(CertificateSource intermediates) {
            this.intermediates = Objects.requireNonNull(intermediates, "intermediates");
            return this;
        }

        /** Asks {@code revocation} about each chain that is otherwise valid. Without it nobody is asked. */
        public Builder revocation(RevocationChecker revocation) {
            this.revocation = Objects.requireNonNull(revocation, "revocation");
            return this;
        }

        /**
         * Has the platform look into revocation lists. A certificate then passes only if there is a list of its issuer that is
         * current at the time of validation and does not name it; this goes for every certificate below the anchor. With
         * {@link #expiryGrace}, lists of that earlier time are needed too.
         *
         * @param lists the lists at hand; asked once per batch of credentials
         */
        public Builder revocationLists(Supplier<? extends Collection<? extends X509CRL>> lists) {
            revocationLists = Objects.requireNonNull(lists, "lists");
            return this;
        }

        /**
         * Has the platform check revocation with {@code checker}, as that is set up: with OCSP answers put into it, for one. Mind
         * that the JDK's fetches lists and OCSP answers from addresses in the certificates unless its options and answers
         * leave no need for that. Each validation works with a copy of it.
         */
        public Builder platformRevocation(PKIXRevocationChecker checker) {
            platformRevocation = checker.clone();
            return this;
        }

        /** Takes identities from certificates by {@code identity}; {@link CertificateIdentity#subjectNames()} without it. */
        public Builder identity(CertificateIdentity identity) {
            this.identity = Objects.requireNonNull(identity, "identity");
            return this;
        }

        /**
         * How long ago a certificate may have expired that arrives in a message of the group (events ADD, UPDATE, COMMIT and
         * EXTERNAL_SENDER), for clients that catch up on messages which were valid when they were sent (RFC 9420 §5.3.2). The
         * path is then validated as of the last moment before the expiry. A KeyPackage to be used and a group to be joined get
         * no grace. Zero without a call.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder expiryGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("a negative grace");
            }
            expiryGrace = grace;
            return this;
        }

        /**
         * Bounds what is looked at: 8 certificates of at most 16,384 bytes without a call.
         *
         * @param certificates the most that a credential may hold, and that a path may have below its anchor
         * @param bytes the longest encoding of one
         * @throws IllegalArgumentException if one is below 1
         */
        public Builder limits(int certificates, int bytes) {
            if (certificates < 1 || bytes < 1) {
                throw new IllegalArgumentException("limits below 1");
            }
            maxCertificates = certificates;
            maxCertificateBytes = bytes;
            return this;
        }

        /**
         * Demands that the end entity's certificate names this extended key usage, or any. RFC 9734 defines 1.3.6.1.5.5.7.3.40
         * for messaging. Without a call the extension is not looked at, so certificates that a trusted authority issues for
         * other purposes, such as web servers, pass as well.
         *
         * @param oid in dotted decimal
         */
        public Builder requireExtendedKeyUsage(String oid) {
            extendedKeyUsage = Objects.requireNonNull(oid, "oid");
            return this;
        }

        /**
         * Accepts keys of a further algorithm, for cipher suites that the application brings.
         *
         * @param identifier the DER encoding of the AlgorithmIdentifier, parameters included, which has to match whole
         * @param keyLength the length of a raw key in bytes
         */
        public Builder keyAlgorithm(Bytes identifier, int keyLength) {
            keyAlgorithms.add(new SubjectKey.Algorithm(identifier.compact(), keyLength, false));
            return this;
        }

        /**
         * Reads certificates and validates paths with this provider, where the platform's own does not know the algorithms
         * (Ed25519 and Ed448 on Android, for one). Without a call the platform chooses.
         */
        public Builder provider(Provider provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /**
         * Spreads the credentials of one batch, such as those of a group to be joined, over threads; one thread without a call.
         * What was handed in is then asked on those threads too.
         */
        public Builder workers(Workers workers) {
            this.workers = Objects.requireNonNull(workers, "workers");
            return this;
        }

        /**
         * The validator.
         *
         * @throws IllegalStateException if nobody is trusted
         * @throws IllegalArgumentException if the provider has no X.509 certificates or no PKIX path validation
         */
        public X509CredentialValidator build() {
            if (anchors.isEmpty()) {
                throw new IllegalStateException("no trust anchor");
            }
            return new X509CredentialValidator(this);
        }
    }
}
