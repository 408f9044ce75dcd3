package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.DAY;
import static org.coppice.mls.credential.x509.TestCertificate.NOW;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.security.cert.TrustAnchor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.CredentialValidators;
import org.coppice.mls.credential.DirectoryCredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.CredentialType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X509CredentialValidatorTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "secp256r1");
    private final TestCertificate authority = root.authority("CN=authority");
    private final TestCertificate alice = authority.leaf("CN=alice");
    private final X509CredentialValidator validator = trusting(root);

    private static X509CredentialValidator trusting(TestCertificate anchor) {
        return X509CredentialValidator.builder(CLOCK)
                .trust(anchor.certificate())
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "Ed448", "secp256r1", "secp384r1", "secp521r1"})
    void acceptsChainsOfEachSignatureAlgorithm(String algorithm) throws ValidationException {
        TestCertificate root = TestCertificate.root("CN=root", algorithm);
        TestCertificate authority = root.authority("CN=authority");
        TestCertificate leaf = authority.leaf("CN=alice");

        accepts(trusting(root), leaf.claim(authority), leaf.claim(authority, root));
    }

    @Test
    void acceptsLeafKeysOfAnotherAlgorithmThanTheAuthoritys() throws ValidationException {
        accepts(
                validator,
                template("CN=alice", "Ed25519").issuedBy(authority).claim(authority),
                template("CN=alice", "Ed448").issuedBy(authority).claim(authority));
    }

    @Test
    void refusesToBuildWithoutAnAnchor() {
        assertThatThrownBy(X509CredentialValidator.builder(CLOCK)::build).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesLimitsBelowOne() {
        assertThatThrownBy(() -> X509CredentialValidator.builder(CLOCK).limits(0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> X509CredentialValidator.builder(CLOCK).limits(1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnchorsWithNameConstraintsThatWouldNotBeApplied() throws Exception {
        byte[] constraints = new NameConstraints(
                        new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.com"))},
                        null)
                .getEncoded();
        TrustAnchor anchor = new TrustAnchor(root.certificate(), constraints);

        assertThatThrownBy(() -> X509CredentialValidator.builder(CLOCK).trust(anchor))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acceptsAnchorsOfNameAndKeyAlone() throws ValidationException {
        TrustAnchor anchor = new TrustAnchor(
                root.certificate().getSubjectX500Principal(), root.keys().getPublic(), null);

        accepts(X509CredentialValidator.builder(CLOCK).trust(anchor).build(), alice.claim(authority));
    }

    @Test
    void acceptsEndEntitiesPinnedAsAnchors() throws ValidationException {
        TestCertificate pinned = template("CN=pinned", "Ed25519").selfSigned();

        accepts(trusting(pinned), pinned.claim());
    }

    @Test
    @Tag("R-5.3-02")
    void rejectsAnotherKeyThanTheLeafs() {
        IdentityClaim claim = alice.claim(authority);
        IdentityClaim forged =
                new IdentityClaim(claim.credential(), authority.leaf("CN=alice").signatureKey(), claim.event());

        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "certificate 0: the key is another one", forged);
    }

    @Test
    void rejectsTheKeyWithBytesAroundIt() {
        IdentityClaim claim = alice.claim(authority);
        Bytes key = claim.signatureKey().data();
        Bytes longer = Bytes.fromHex(key.toHex() + "00");

        for (Bytes other : List.of(longer, key.slice(0, key.length() - 1), Bytes.EMPTY)) {
            IdentityClaim forged = new IdentityClaim(claim.credential(), new SignaturePublicKey(other), claim.event());
            rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "the key is another one", forged);
        }
    }

    @Test
    void rejectsCertificatesThatHaveExpired() {
        TestCertificate old = template("CN=alice", "Ed25519")
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(authority);

        rejects(validator, "certificate 0: expired", old.claim(authority));
    }

    @Test
    void acceptsCertificatesInTheirLastAndFirstSecond() throws ValidationException {
        accepts(
                validator,
                template("CN=alice", "Ed25519")
                        .valid(NOW.minus(DAY), NOW)
                        .issuedBy(authority)
                        .claim(authority),
                template("CN=alice", "Ed25519")
                        .valid(NOW, NOW.plus(DAY))
                        .issuedBy(authority)
                        .claim(authority));
    }

    @Test
    void rejectsCertificatesThatAreNotYetValid() {
        TestCertificate early = template("CN=alice", "Ed25519")
                .valid(NOW.plusSeconds(1), NOW.plus(DAY))
                .issuedBy(authority);

        rejects(validator, "certificate 0: not yet valid", early.claim(authority));
    }

    @Test
    void rejectsAuthoritiesThatHaveExpired() {
        TestCertificate old = template("CN=old", "Ed25519")
                .authority()
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(root);

        rejects(validator, "certificate 1: expired", old.leaf("CN=alice").claim(old));
    }

    @Test
    void rejectsUntrustedRoots() {
        TestCertificate stranger = TestCertificate.root("CN=stranger", "secp256r1");

        rejects(
                validator,
                "no path to a trust anchor",
                stranger.leaf("CN=alice").claim(stranger));
    }

    @Test
    void rejectsRootsThatOnlyBearTheNameOfOneTrusted() {
        TestCertificate impostor = TestCertificate.root("CN=root", "secp256r1");

        rejects(validator, "invalid signature", impostor.leaf("CN=alice").claim());
        rejects(validator, "invalid signature", impostor.leaf("CN=alice").claim(impostor));
    }

    @Test
    void refusesOtherTypesOfCredential() {
        rejects(
                validator,
                "credential 1 is not x509",
                alice.claim(authority),
                new IdentityClaim(
                        Credential.basic(Bytes.EMPTY), alice.signatureKey(), IdentityClaim.Event.KEY_PACKAGE));
    }

    @Test
    void tellsWhichCredentialOfABatchFailed() {
        TestCertificate old = template("CN=alice", "Ed25519")
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(authority);

        rejects(validator, "x509 credential 1, certificate 0: expired", alice.claim(authority), old.claim(authority));
    }

    @Test
    void spreadsABatchOverThreads() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            CountDownLatch two = new CountDownLatch(2);
            X509CredentialValidator parallel = X509CredentialValidator.builder(CLOCK)
                    .trust(root.certificate())
                    .workers(Workers.of(executor, 4))
                    .revocationLists(() -> List.of(root.revoking(), authority.revoking()))
                    .revocation(chain -> {
                        threads.add(Thread.currentThread());
                        two.countDown();
                        try {
                            return !two.await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .build();
            IdentityClaim[] claims = new IdentityClaim[40];
            Arrays.setAll(claims, i -> authority.leaf("CN=member " + i).claim(authority));
            accepts(parallel, claims);
            assertThat(threads).hasSizeGreaterThan(1);

            claims[17] = alice.claim(root);
            claims[31] = alice.claim(root);
            rejects(parallel, "x509 credential 17, certificate 1", claims);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void namesNobodyInWhatItThrows() {
        TestCertificate secret = template("CN=Alice Secret", "Ed25519")
                .dns("alice.secret.example")
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(authority);
        TestCertificate lost = TestCertificate.root("CN=Secret Root", "Ed25519").leaf("CN=Alice Secret");

        for (IdentityClaim claim : List.of(secret.claim(authority), lost.claim(), secret.claim(alice))) {
            Throwable thrown = catchThrowable(() -> validator.validate(List.of(claim)));
            assertThat(thrown).isInstanceOf(ValidationException.class).hasNoCause();
            assertThat(thrown.toString()).doesNotContainIgnoringCase("secret");
        }
    }

    @Test
    void worksBesideADirectory() throws ValidationException {
        Bytes bob = Bytes.fromHex("b0b0");
        IdentityClaim basic = new IdentityClaim(Credential.basic(bob), alice.signatureKey(), IdentityClaim.Event.JOIN);
        CredentialValidator both = CredentialValidators.byType(Map.of(
                CredentialType.BASIC,
                new DirectoryCredentialValidator((identity, key) -> identity.equals(bob)),
                CredentialType.X509,
                validator));

        accepts(both, basic, alice.claim(authority));
        rejects(both, "x509 credential 1, ", basic, alice.claim(authority), alice.claim());
    }

    @Test
    void acceptsAnEmptyBatch() throws ValidationException {
        accepts(validator);
    }
}
