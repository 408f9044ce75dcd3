package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Lifetime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The directory of key packages. */
class KeyPackageContractTest extends ContractTest {
    private static MlsMessage lastResort(Device device) throws Exception {
        return device.client().generateLastResortKeyPackage().message();
    }

    private static ClaimResult claim(Device claimant, Device of) throws Exception {
        return claimant.session().claimKeyPackages(Device.request(), ClaimRequest.of(of.id(), Device.SUITE));
    }

    @Test
    @Tag("A-5.1-04")
    @Tag("A-5.1-05")
    @Tag("A-2.2-02")
    @Tag("A-5-01")
    void givesEachKeyPackageOnceAndTheLastResortOnlyWhenThereIsNoOther() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        bob.publish(2);
        bob.session().publishKeyPackages(Device.request(), List.of(), Optional.of(lastResort(bob)));
        Set<MlsMessage> given = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            ClaimResult.Claimed claimed = claim(alice, bob).claimed().get(0);
            assertThat(claimed.lastResort()).isFalse();
            assertThat(given.add(claimed.keyPackage())).isTrue();
        }
        ClaimResult.Claimed third = claim(alice, bob).claimed().get(0);
        assertThat(third.lastResort()).isTrue();
        assertThat(claim(alice, bob).claimed()).containsExactly(third);
        Stock.OfSuite stock = bob.session().keyPackageStock().of(Device.SUITE);
        assertThat(stock.ordinary()).isZero();
        assertThat(stock.lastResort().orElseThrow().uses()).isEqualTo(2);
    }

    @Test
    @Tag("A-5.1-04")
    void givesOneOfEachClientOfAUserAndNamesThoseWithout() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        assertThat(alice.session().clientsOf(bob.id().user())).containsExactly(bob.id());
        ClaimResult none = alice.session()
                .claimKeyPackages(Device.request(), ClaimRequest.of(bob.id().user(), Device.SUITE));
        assertThat(none).isEqualTo(new ClaimResult(List.of(), List.of(bob.id())));
        bob.publish(1);
        ClaimResult one = alice.session()
                .claimKeyPackages(Device.request(), ClaimRequest.of(bob.id().user(), Device.SUITE));
        assertThat(one.claimed()).extracting(ClaimResult.Claimed::client).containsExactly(bob.id());
        refuses(ProblemKind.UNKNOWN_CLIENT, () -> alice.session().clientsOf(new UserName("nobody-at-all")));
        refuses(
                ProblemKind.UNKNOWN_CLIENT,
                () -> alice.session()
                        .claimKeyPackages(
                                Device.request(),
                                ClaimRequest.of(ClientId.parse("nobody-at-all/laptop"), Device.SUITE)));
    }

    @Test
    @Tag("A-6.11-01")
    void givesOnlyWhatTheClaimantCanUse() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        bob.publish(1);
        ClaimRequest unknownExtension = new ClaimRequest(
                new ClaimRequest.OfClient(bob.id()),
                Device.SUITE,
                new RequiredCapabilities(List.of(new ExtensionType(0xf0f0)), List.of(), List.of()),
                List.of());
        ClaimRequest onlyX509 = new ClaimRequest(
                new ClaimRequest.OfClient(bob.id()),
                Device.SUITE,
                new RequiredCapabilities(List.of(), List.of(), List.of()),
                List.of(CredentialType.X509));
        ClaimRequest otherSuite = ClaimRequest.of(bob.id(), CipherSuite.MLS_256_DHKEMP384_AES256GCM_SHA384_P384);
        for (ClaimRequest request : List.of(unknownExtension, onlyX509, otherSuite)) {
            assertThat(alice.session()
                            .claimKeyPackages(Device.request(), request)
                            .without())
                    .containsExactly(bob.id());
        }
        assertThat(bob.session().keyPackageStock().of(Device.SUITE).ordinary()).isEqualTo(1);
        assertThat(claim(alice, bob).claimed()).hasSize(1);
    }

    @Test
    @Tag("A-3.2-01")
    @Tag("A-5.1-02")
    @Tag("A-7-02")
    void takesOnlyKeyPackagesOfTheRegisteredCredential() throws Exception {
        Device alice = device("alice");
        MlsClient otherKey = Device.mls(alice.id(), HandshakePolicy.PUBLIC);
        refuses(
                "CREDENTIAL_NOT_REGISTERED",
                () -> publish(alice, otherKey.generateKeyPackage().message()));
        refuses(
                "WRONG_MESSAGE",
                () -> publish(alice, alice.client().createGroup().groupInfo(true)));
    }

    private static void publish(Device device, MlsMessage... messages) throws Exception {
        device.session().publishKeyPackages(Device.request(), List.of(messages), Optional.empty());
    }

    @Test
    void refusesAKeyPackageThatCameBeforeAndAllThatCameWithIt() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        MlsMessage first = bob.bundle().message();
        publish(bob, first);
        refuses("KEY_PACKAGE_REPEATED", () -> publish(bob, bob.bundle().message(), first));
        assertThat(bob.session().keyPackageStock().of(Device.SUITE).ordinary()).isEqualTo(1);
        claim(alice, bob);
        refuses("KEY_PACKAGE_REPEATED", () -> publish(bob, first));
    }

    @Test
    void refusesADamagedSignature() throws Exception {
        Device bob = device("bob");
        byte[] encoded = bob.bundle().message().encoded();
        encoded[encoded.length - 1] ^= 1;
        refuses("KEY_PACKAGE_SIGNATURE", () -> publish(bob, MlsMessage.decode(encoded)));
    }

    @Test
    @Tag("A-8.4.2-03")
    void refusesKeyPackagesOutsideTheirLifetime() throws Exception {
        Device bob = device("bob");
        for (Duration offset : List.of(Duration.ofDays(-3), Duration.ofDays(3))) {
            MlsClient elsewhen = MlsClient.of(
                    bob.client().environment().toBuilder()
                            .clock(Clock.offset(Clock.systemUTC(), offset))
                            .build(),
                    Device.SUITE,
                    bob.client().credential(),
                    bob.client().signer());
            Lifetime lifetime = Lifetime.around(Instant.now().plus(offset), Duration.ofMinutes(1), Duration.ofDays(1));
            refuses(
                    "KEY_PACKAGE_LIFETIME",
                    () -> publish(
                            bob,
                            elsewhen.generateKeyPackage(Extensions.EMPTY, lifetime)
                                    .message()));
        }
    }

    @Test
    void keepsTheMarkOfALastResortWhereItBelongs() throws Exception {
        Device bob = device("bob");
        refuses("LAST_RESORT_MARK", () -> publish(bob, lastResort(bob)));
        refuses(
                "LAST_RESORT_MARK",
                () -> bob.session()
                        .publishKeyPackages(
                                Device.request(),
                                List.of(),
                                Optional.of(bob.bundle().message())));
    }

    @Test
    @Tag("A-5.1-12")
    @Tag("A-5.1-13")
    void dropsTheKeyPackagesOfACredentialThatIsReplaced() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        bob.publish(2);
        MlsClient renewed = Device.mls(bob.id(), HandshakePolicy.PUBLIC);
        RegisteredCredential next = credential(bob.id(), renewed);
        RequestId request = Device.request();
        CredentialStatement statement = new CredentialStatement(bob.id(), request, next);
        Bytes consent = bob.agreeing(ConsentStatement.to(statement));
        Bytes stolen = statement.sign(bob.client().crypto(), bob.client().signer());
        refuses("PROOF_OF_POSSESSION", () -> bob.session().replaceCredential(request, next, stolen, consent));
        RegisteredCredential another = credential(alice.id(), renewed);
        CredentialStatement misnaming = new CredentialStatement(bob.id(), request, another);
        Bytes misnamed = misnaming.sign(renewed.crypto(), renewed.signer());
        refuses(
                "CREDENTIAL_NAMES_ANOTHER",
                () -> bob.session()
                        .replaceCredential(request, another, misnamed, bob.agreeing(ConsentStatement.to(misnaming))));
        Bytes proof = statement.sign(renewed.crypto(), renewed.signer());
        bob.session().replaceCredential(request, next, proof, consent);
        bob.session().replaceCredential(request, next, proof, consent);
        assertThat(bob.session().keyPackageStock().suites()).isEmpty();
        refuses("CREDENTIAL_NOT_REGISTERED", () -> bob.publish(1));
        publish(bob, renewed.generateKeyPackage().message());
        assertThat(claim(alice, bob).claimed()).hasSize(1);
    }

    /** Whoever had a client's token could register a key of its own in the place of the client's. */
    @Test
    void takesAKeyInPlaceOfAnotherOnlyByTheSignatureOfOneInForce() throws Exception {
        Device bob = device("bob");
        bob.publish(1);
        MlsClient thief = Device.mls(bob.id(), HandshakePolicy.PUBLIC);
        RegisteredCredential own = credential(bob.id(), thief);
        CredentialStatement statement = new CredentialStatement(bob.id(), Device.request(), own);
        Bytes proof = statement.sign(thief.crypto(), thief.signer());
        Bytes selfMade = ConsentStatement.to(statement).sign(thief.crypto(), thief.signer());
        refuses("CONSENT", () -> bob.session().replaceCredential(statement.request(), own, proof, selfMade));
        Bytes ofAnother = bob.agreeing(ConsentStatement.to(new CredentialStatement(bob.id(), Device.request(), own)));
        refuses("CONSENT", () -> bob.session().replaceCredential(statement.request(), own, proof, ofAnother));
        Bytes ofAnotherKind = bob.agreeing(ConsentStatement.toRenewal(bob.id(), SuiteCrypto.encode(statement)));
        refuses("CONSENT", () -> bob.session().replaceCredential(statement.request(), own, proof, ofAnotherKind));
        assertThat(bob.session().keyPackageStock().suites()).hasSize(1);

        Bytes agreed = bob.agreeing(ConsentStatement.to(statement));
        bob.session().replaceCredential(statement.request(), own, proof, agreed);
        CredentialStatement back =
                new CredentialStatement(bob.id(), Device.request(), credential(bob.id(), bob.client()));
        Bytes backProof = back.sign(bob.client().crypto(), bob.client().signer());
        refuses(
                "CONSENT",
                () -> bob.session()
                        .replaceCredential(
                                back.request(), back.credential(), backProof, bob.agreeing(ConsentStatement.to(back))));
    }
}
