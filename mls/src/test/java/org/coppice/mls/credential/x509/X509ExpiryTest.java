package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.DAY;
import static org.coppice.mls.credential.x509.TestCertificate.NOW;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.IdentityClaim.Event;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Expiry (RFC 9420 §5.3.2): strict for what is new, with grace for what was sent earlier. */
class X509ExpiryTest {
    private static final Instant YESTERDAY = NOW.minus(DAY);

    private final TestCertificate root = TestCertificate.root("CN=root", "Ed25519");
    private final TestCertificate expired = template("CN=alice", "Ed25519")
            .valid(YESTERDAY.minus(DAY), YESTERDAY)
            .issuedBy(root);
    private final X509CredentialValidator strict = trusting().build();
    private final X509CredentialValidator lenient = trusting().expiryGrace(DAY).build();

    private X509CredentialValidator.Builder trusting() {
        return X509CredentialValidator.builder(CLOCK).trust(root.certificate());
    }

    @ParameterizedTest
    @EnumSource(Event.class)
    void givesNoGraceUnlessAsked(Event event) {
        rejects(strict, "certificate 0: expired", expired.claim(event));
    }

    @ParameterizedTest
    @EnumSource(
            value = Event.class,
            names = {"ADD", "UPDATE", "COMMIT", "EXTERNAL_SENDER"})
    void acceptsWhatExpiredWithinTheGraceInMessages(Event event) throws ValidationException {
        accepts(lenient, expired.claim(event));
    }

    @ParameterizedTest
    @EnumSource(
            value = Event.class,
            names = {"KEY_PACKAGE", "JOIN"})
    void givesNoGraceToWhatIsToBeUsedNow(Event event) {
        rejects(lenient, "certificate 0: expired", expired.claim(event));
    }

    @Test
    void endsTheGraceOnTheSecond() {
        X509CredentialValidator shorter =
                trusting().expiryGrace(DAY.minusSeconds(1)).build();

        rejects(shorter, "certificate 0: expired", expired.claim(Event.COMMIT));
    }

    @Test
    void validatesTheWholePathAsOfTheFirstExpiry() throws ValidationException {
        AtomicReference<CertificateChain> seen = new AtomicReference<>();
        X509CredentialValidator watching = trusting()
                .expiryGrace(DAY.multipliedBy(2))
                .revocation(chain -> {
                    seen.set(chain);
                    return false;
                })
                .build();
        TestCertificate old = template("CN=old", "Ed25519")
                .authority()
                .valid(YESTERDAY.minus(DAY.multipliedBy(2)), YESTERDAY.minusSeconds(60))
                .issuedBy(root);
        TestCertificate member = template("CN=alice", "Ed25519")
                .valid(YESTERDAY.minus(DAY), YESTERDAY)
                .issuedBy(old);
        TestCertificate neverTogether = template("CN=alice", "Ed25519")
                .valid(YESTERDAY.minusSeconds(59), YESTERDAY)
                .issuedBy(old);

        accepts(watching, member.claim(Event.UPDATE, old));
        assertThat(seen.get().validatedAt()).isEqualTo(YESTERDAY.minusSeconds(60));
        rejects(watching, "certificate 0: not yet valid", neverTogether.claim(Event.UPDATE, old));
    }

    @Test
    void givesNoGraceBeforeTheBeginning() {
        TestCertificate early = template("CN=alice", "Ed25519")
                .valid(NOW.plusSeconds(1), NOW.plus(DAY))
                .issuedBy(root);

        rejects(lenient, "certificate 0: not yet valid", early.claim(Event.COMMIT));
    }

    @Test
    void looksForRevocationListsOfTheEarlierTime() throws ValidationException {
        X509CredentialValidator.Builder builder = trusting().expiryGrace(DAY.multipliedBy(3));
        TestCertificate longAgo = template("CN=alice", "Ed25519")
                .valid(NOW.minus(DAY.multipliedBy(9)), NOW.minus(DAY.multipliedBy(3)))
                .issuedBy(root);

        accepts(
                builder.revocationLists(() -> List.of(root.revokingAt(NOW.minus(DAY.multipliedBy(3)))))
                        .build(),
                longAgo.claim(Event.COMMIT));
        rejects(
                builder.revocationLists(() -> List.of(root.revoking())).build(),
                "undetermined revocation status",
                longAgo.claim(Event.COMMIT));
    }

    @Test
    void goesByTheClockGiven() throws ValidationException {
        X509CredentialValidator past = X509CredentialValidator.builder(
                        Clock.fixed(YESTERDAY.minusSeconds(1), ZoneOffset.UTC))
                .trust(root.certificate())
                .build();

        accepts(past, expired.claim());
    }

    /** RFC 9420 §5.3.2: only what replaces an expired credential needs to be valid. */
    @Test
    void letsAMemberReplaceAnExpiredCertificate() throws ValidationException {
        IdentityClaim renewed = root.leaf("CN=alice").claim(Event.UPDATE);

        accepts(strict, renewed);
        assertThat(strict.isSuccessor(expired.claim(), renewed)).isTrue();
    }

    @Test
    void refusesANegativeGrace() {
        assertThatThrownBy(() -> trusting().expiryGrace(DAY.negated())).isInstanceOf(IllegalArgumentException.class);
    }
}
