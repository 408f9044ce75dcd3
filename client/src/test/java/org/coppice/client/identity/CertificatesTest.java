package org.coppice.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.IdentityClaim.Event;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client's side of certificates, against the authority itself. */
class CertificatesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final ClientId LAPTOP = ClientId.parse("alice/laptop");
    private static final ClientId PHONE = ClientId.parse("alice/phone");

    @TempDir
    Path directory;

    private LocalAuthority authority;
    private ClientEnvironment environment;
    private RevocationList list;
    private CertifiedMembers members;

    @BeforeEach
    void start() throws Exception {
        authority = new LocalAuthority(directory.resolve("authority"));
        environment = ClientEnvironment.builder().clock(authority.clock).build();
        list = new RevocationList(authority.trusted().certificate());
        members = CertifiedMembers.builder(authority.trusted(), list, authority.clock)
                .build();
    }

    @AfterEach
    void stop() {
        authority.close();
    }

    private Identity enrol(ClientId client) throws Exception {
        return Enrolment.begin(environment, SUITE, client)
                .byCode(authority, authority.trusted(), authority.code(client));
    }

    private void fetchList() throws Exception {
        list.accept(authority.revocationList(), authority.clock.instant());
    }

    private void judge(Identity identity, Event event) throws ValidationException {
        members.validate(List.of(
                new IdentityClaim(identity.credential(), identity.signer().publicKey(), event)));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ValidationException.class);
    }

    @Test
    void aKeyOfEverySuiteGetsACertificate() throws Exception {
        fetchList();
        for (CipherSuite suite : CipherSuite.STANDARD) {
            ClientId client = ClientId.parse("suite-" + suite.value() + "/laptop");
            Identity identity = Enrolment.begin(environment, suite, client)
                    .byCode(authority, authority.trusted(), authority.code(client));
            assertThat(CertifiedMembers.clientOf(identity.credential())).contains(client);
            judge(identity, Event.KEY_PACKAGE);
        }
    }

    @Test
    void anEnrolmentIsRepeatedAfterALostAnswer() throws Exception {
        Enrolment enrolment = Enrolment.begin(environment, SUITE, LAPTOP);
        String code = authority.code(LAPTOP);
        Identity lost = enrolment.byCode(authority, authority.trusted(), code);
        assertThat(enrolment.byCode(authority, authority.trusted(), code).credential())
                .isEqualTo(lost.credential());
    }

    @Test
    @Tag("A-2.2-01")
    void whatAnotherAuthorityIssuesIsNotTaken() throws Exception {
        try (LocalAuthority other = new LocalAuthority(directory.resolve("other"))) {
            Enrolment enrolment = Enrolment.begin(environment, SUITE, LAPTOP);
            String code = other.code(LAPTOP);
            assertThatThrownBy(() -> enrolment.byCode(other, authority.trusted(), code))
                    .isInstanceOf(IOException.class);
            Identity foreign = enrolment.byCode(other, other.trusted(), code);
            fetchList();
            refused(() -> judge(foreign, Event.KEY_PACKAGE));
            refused(() -> judge(foreign, Event.ADD));
        }
    }

    @Test
    @Tag("A-4-02")
    @Tag("A-7-01")
    void aCertificateForAnotherKeyOrClientIsNotTaken() throws Exception {
        Identity laptop = enrol(LAPTOP);
        AuthorityService confused = (AuthorityService) Proxy.newProxyInstance(
                AuthorityService.class.getClassLoader(),
                new Class<?>[] {AuthorityService.class},
                (proxy, method, arguments) -> ((Credential.X509) laptop.credential()).certificates());
        assertThatThrownBy(
                        () -> Enrolment.begin(environment, SUITE, LAPTOP).byCode(confused, authority.trusted(), "any"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Enrolment.begin(environment, SUITE, PHONE, laptop.signer())
                        .byCode(confused, authority.trusted(), "any"))
                .isInstanceOf(IOException.class);
        assertThatCode(() -> Enrolment.begin(environment, SUITE, LAPTOP, laptop.signer())
                        .byCode(confused, authority.trusted(), "any"))
                .doesNotThrowAnyException();
    }

    @Test
    @Tag("A-8.3-03")
    @Tag("A-6.5-01")
    void aRevokedMemberIsRefusedForUseAtOnceAndInGroupsAfterAWhile() throws Exception {
        Identity phone = enrol(PHONE);
        fetchList();
        judge(phone, Event.KEY_PACKAGE);
        authority.revoke(enrol(LAPTOP), PHONE, true);
        fetchList();
        assertThat(members.isRevoked(phone.credential())).isTrue();
        refused(() -> judge(phone, Event.KEY_PACKAGE));
        for (Event event : new Event[] {Event.ADD, Event.UPDATE, Event.COMMIT, Event.JOIN}) {
            judge(phone, event);
        }
        authority.clock.pass(Duration.ofDays(15));
        fetchList();
        for (Event event : Event.values()) {
            refused(() -> judge(phone, event));
        }
    }

    @Test
    @Tag("A-6.5-02")
    void withoutAllowanceARevokedMemberIsRefusedEverywhereAtOnce() throws Exception {
        members = CertifiedMembers.builder(authority.trusted(), list, authority.clock)
                .catchUp(Duration.ZERO)
                .build();
        Identity phone = enrol(PHONE);
        authority.revoke(phone, PHONE, true);
        fetchList();
        for (Event event : Event.values()) {
            refused(() -> judge(phone, event));
        }
    }

    @Test
    void nobodyIsAddedWithoutAListOfToday() throws Exception {
        Identity phone = enrol(PHONE);
        refused(() -> judge(phone, Event.KEY_PACKAGE));
        judge(phone, Event.ADD);
        fetchList();
        judge(phone, Event.KEY_PACKAGE);
        authority.clock.pass(Duration.ofHours(25));
        refused(() -> judge(phone, Event.KEY_PACKAGE));
    }

    @Test
    void anExpiredMemberIsRefusedForUseAtOnceAndInMessagesAfterAWhile() throws Exception {
        Identity phone = enrol(PHONE);
        authority.clock.pass(Duration.ofDays(91));
        fetchList();
        refused(() -> judge(phone, Event.KEY_PACKAGE));
        judge(phone, Event.ADD);
        authority.clock.pass(Duration.ofDays(14));
        refused(() -> judge(phone, Event.ADD));
    }

    @Test
    void aBasicCredentialIsRefused() throws Exception {
        fetchList();
        Identity basic = Identity.generate(environment, SUITE, LAPTOP);
        refused(() -> judge(basic, Event.KEY_PACKAGE));
    }

    @Test
    void listsOnlyGetNewer() throws Exception {
        Bytes first = authority.revocationList();
        assertThat(list.accept(first, authority.clock.instant())).isTrue();
        assertThat(list.accept(first, authority.clock.instant())).isFalse();
        Identity phone = enrol(PHONE);
        authority.revoke(phone, PHONE, false);
        fetchList();
        assertThatThrownBy(() -> list.accept(first, authority.clock.instant()))
                .isInstanceOf(RevocationList.RefusedListException.class);
        assertThat(members.isRevoked(phone.credential())).isTrue();
        RevocationList restarted = new RevocationList(authority.trusted().certificate());
        restarted.accept(list.encoded().orElseThrow(), authority.clock.instant());
        assertThatThrownBy(() -> restarted.accept(first, authority.clock.instant()))
                .isInstanceOf(RevocationList.RefusedListException.class);
    }

    /** A clock that was set back had a client forget whom its list revokes. */
    @Test
    void aListThatWasKeptIsTakenBackWhateverTheClockSays() throws Exception {
        Bytes before = authority.revocationList();
        Identity phone = enrol(PHONE);
        authority.revoke(phone, PHONE, false);
        fetchList();
        Bytes kept = list.encoded().orElseThrow();
        Instant longAgo = authority.clock.instant().minus(Duration.ofDays(400));
        RevocationList restarted = new RevocationList(authority.trusted().certificate());
        assertThatThrownBy(() -> restarted.accept(kept, longAgo))
                .isInstanceOf(RevocationList.RefusedListException.class);
        restarted.restore(kept);
        assertThat(restarted.encoded()).contains(kept);
        assertThatThrownBy(() -> restarted.accept(before, authority.clock.instant()))
                .isInstanceOf(RevocationList.RefusedListException.class);
        assertThatThrownBy(() -> restarted.restore(before)).isInstanceOf(RevocationList.RefusedListException.class);
        assertThatThrownBy(() -> restarted.restore(kept.slice(0, 30)))
                .isInstanceOf(RevocationList.RefusedListException.class);
        assertThat(restarted.encoded()).contains(kept);
    }

    @Test
    void aListOfAnotherIssuerOrTimeOrABrokenOneIsRefused() throws Exception {
        Bytes genuine = authority.revocationList();
        byte[] forged = genuine.toByteArray();
        forged[forged.length - 10] ^= 1;
        List<Bytes> wrong = new ArrayList<>(List.of(Bytes.EMPTY, Bytes.wrap(forged), genuine.slice(0, 30)));
        try (LocalAuthority other = new LocalAuthority(directory.resolve("other"))) {
            wrong.add(other.revocationList());
        }
        for (Bytes der : wrong) {
            assertThatThrownBy(() -> list.accept(der, authority.clock.instant()))
                    .isInstanceOf(RevocationList.RefusedListException.class);
        }
        assertThatThrownBy(() -> list.accept(genuine, authority.clock.instant().minus(Duration.ofDays(1))))
                .isInstanceOf(RevocationList.RefusedListException.class);
        assertThat(list.encoded()).isEmpty();
    }

    @Test
    void aDeltaIsNoList() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("authority/authority.p12"))) {
            store.load(in, new char[0]);
        }
        PrivateKey key = (PrivateKey) store.getKey("authority", new char[0]);
        for (boolean delta : new boolean[] {true, false}) {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(
                    X500Name.getInstance(authority
                            .trusted()
                            .certificate()
                            .getSubjectX500Principal()
                            .getEncoded()),
                    Date.from(authority.clock.instant()));
            builder.setNextUpdate(Date.from(authority.clock.instant().plus(Duration.ofDays(1))));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.TEN));
            if (delta) {
                builder.addExtension(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.ONE));
            }
            Bytes der = Bytes.wrap(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded());
            if (delta) {
                assertThatThrownBy(() -> list.accept(der, authority.clock.instant()))
                        .isInstanceOf(RevocationList.RefusedListException.class);
            } else {
                assertThat(list.accept(der, authority.clock.instant())).isTrue();
            }
        }
    }

    @Test
    @Tag("A-6.5-03")
    void aCertificateIsRenewedWithANewKeyAfterTwoThirdsOfItsTime() throws Exception {
        Identity[] present = {enrol(LAPTOP)};
        List<Identity> handed = new ArrayList<>();
        CertificateKeeper keeper =
                new CertificateKeeper(environment, authority, authority.trusted(), list, () -> present[0], handed::add);
        authority.clock.pass(Duration.ofDays(59));
        assertThat(keeper.keep()).isFalse();
        authority.clock.pass(Duration.ofDays(2));
        assertThat(keeper.keep()).isTrue();
        assertThat(keeper.keep()).isFalse();
        assertThat(handed).hasSize(1);
        Identity next = handed.get(0);
        assertThat(next.client()).isEqualTo(LAPTOP);
        assertThat(next.signer().publicKey()).isNotEqualTo(present[0].signer().publicKey());
        judge(next, Event.KEY_PACKAGE);
        assertThat(CertifiedMembers.expiryOf(next.credential()))
                .contains(authority.clock.instant().plus(Duration.ofDays(90)));
        present[0] = next;
        assertThat(keeper.keep()).isFalse();
    }

    @Test
    void aFingerprintIsComparedAsPeopleWriteIt() {
        Anchor anchor = authority.trusted();
        assertThat(anchor.fingerprint()).matches("([0-9a-f]{4} ){15}[0-9a-f]{4}");
        assertThat(anchor.hasFingerprint(
                        anchor.fingerprint().toUpperCase(Locale.ROOT).replace(" ", ":")))
                .isTrue();
        assertThat(anchor.hasFingerprint(anchor.fingerprint().substring(5))).isFalse();
    }
}
