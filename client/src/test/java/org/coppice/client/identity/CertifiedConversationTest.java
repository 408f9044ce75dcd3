package org.coppice.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.RegistrationPolicy;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Workers;
import org.coppice.testkit.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who know each other by certificates talk over a server with an authority; all of it goes over HTTP. */
class CertifiedConversationTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final String OPERATOR = "the operator's own token";

    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private DeliveryServer server;
    private HttpDelivery http;
    private Anchor anchor;
    private RevocationList list;
    private ClientEnvironment environment;

    @BeforeEach
    void start() throws Exception {
        AuthorityConfig authority =
                AuthorityConfig.of(IssuerKey.openOrCreate(directory, clock)).withOperator(OperatorToken.of(OPERATOR));
        server = DeliveryServer.start(ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory))
                .withDelivery(DeliveryConfig.of(Set.of())
                        .withAccounts(AccountConfig.open(Set.of()).withRegistration(RegistrationPolicy.X509_ONLY))
                        .withAuthority(authority)
                        .withRates(RateLimits.NONE)
                        .withPruneEvery(Duration.ZERO)
                        .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential())))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty()));
        environment = ClientEnvironment.builder().clock(clock).build();
        http = HttpDelivery.builder(server.url()).environment(environment).build();
        anchor = Anchor.of(http.authority().anchor());
        list = new RevocationList(anchor.certificate());
        environment = ClientEnvironment.builder()
                .clock(clock)
                .validator(CertifiedMembers.builder(anchor, list, clock).build())
                .parameters(Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        server.close();
    }

    /** A code, as the operator gets it by the command line. */
    private String code(String user) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/v1/ca/operator/codes"))
                                .header("Content-Type", "application/json")
                                .header("Operator-Token", OPERATOR)
                                .POST(HttpRequest.BodyPublishers.ofString("{\"user\": \"" + user + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Matcher code = Pattern.compile("\"code\":\"([0-9a-z-]+)\"").matcher(answer.body());
        assertThat(code.find()).as(answer.body()).isTrue();
        return code.group(1);
    }

    private CoppiceClient begin(String client, String code) throws Exception {
        Identity identity =
                Enrolment.begin(environment, SUITE, ClientId.parse(client)).byCode(http.authority(), anchor, code);
        http.register(identity);
        CoppiceClient out = CoppiceClient.create(ClientStores.inMemory(), identity, environment, http);
        out.sync();
        return out;
    }

    private CoppiceClient begin(String client) throws Exception {
        return begin(client, code(ClientId.parse(client).user().value()));
    }

    private CertificateKeeper keeper(CoppiceClient client) {
        return new CertificateKeeper(
                environment, http.authority(), anchor, list, client::identity, client::rotateCredential);
    }

    private static SignaturePublicKey key(Conversation conversation, String client) {
        return conversation.members().stream()
                .filter(member -> member.client().equals(ClientId.parse(client)))
                .map(MemberInfo::signatureKey)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("A-4-02")
    void theyTalkAndInviteTheirOwnDevices() throws Exception {
        try (CoppiceClient alice = begin("alice/laptop");
                CoppiceClient bob = begin("bob/laptop")) {
            keeper(alice).refreshList();
            Conversation team = alice.createConversation("team");
            assertThat(team.invite(new UserName("bob")).isDone()).isTrue();
            team.send("certified");
            bob.sync();
            assertThat(bob.conversations().get(0).latest(10)).isNotEmpty();
            String code = http.authority().makeCode(alice.identity(), Optional.of("phone"));
            try (CoppiceClient phone = begin("alice/phone", code)) {
                assertThat(team.invite(List.of(), List.of(phone.id())).isDone()).isTrue();
                assertThat(team.members())
                        .hasSize(3)
                        .allMatch(MemberInfo::certified)
                        .allMatch(MemberInfo::isKnown)
                        .filteredOn(member -> !member.self())
                        .noneMatch(MemberInfo::verified);
            }
        }
    }

    @Test
    @Tag("A-6.5-03")
    @Tag("A-4-03")
    void aRenewedCertificateReachesTheConversations() throws Exception {
        try (CoppiceClient alice = begin("alice/laptop");
                CoppiceClient bob = begin("bob/laptop")) {
            keeper(alice).refreshList();
            Conversation team = alice.createConversation("team");
            team.invite(new UserName("bob"));
            bob.sync();
            Conversation bobs = bob.conversations().get(0);
            SignaturePublicKey before = key(bobs, "alice/laptop");
            clock.pass(Duration.ofDays(61));
            assertThat(keeper(alice).keep()).isTrue();
            alice.sync();
            team.sync();
            bob.sync();
            assertThat(key(bobs, "alice/laptop")).isNotEqualTo(before);
            assertThat(CertifiedMembers.expiryOf(alice.identity().credential()))
                    .contains(clock.instant().plus(Duration.ofDays(90)));
        }
    }

    @Test
    @Tag("A-8.3-04")
    void aLostDeviceIsShutOut() throws Exception {
        try (CoppiceClient laptop = begin("alice/laptop");
                CoppiceClient phone = begin("alice/phone");
                CoppiceClient bob = begin("bob/laptop")) {
            keeper(bob).refreshList();
            http.authority().revoke(laptop.identity(), phone.id(), true);
            assertThatThrownBy(phone::sync)
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED));
            keeper(bob).refreshList();
            Conversation team = bob.createConversation("team");
            team.invite(new UserName("alice"));
            assertThat(team.members())
                    .extracting(member -> member.client().toString())
                    .containsExactlyInAnyOrder("bob/laptop", "alice/laptop");
        }
    }

    @Test
    @Tag("A-8.3-04")
    void aMemberThatIsRevokedIsShownSoUntilItIsRemoved() throws Exception {
        try (CoppiceClient laptop = begin("alice/laptop");
                CoppiceClient phone = begin("alice/phone");
                CoppiceClient bob = begin("bob/laptop")) {
            keeper(bob).refreshList();
            Conversation team = bob.createConversation("team");
            team.invite(new UserName("alice"));
            UserName alice = new UserName("alice");
            team.verify(alice, team.safetyNumber(alice));
            assertThat(team.members()).hasSize(3).allMatch(MemberInfo::isKnown).noneMatch(MemberInfo::revoked);
            http.authority().revoke(laptop.identity(), phone.id(), true);
            keeper(bob).refreshList();
            assertThat(team.members())
                    .hasSize(3)
                    .filteredOn(MemberInfo::revoked)
                    .singleElement()
                    .satisfies(member -> {
                        assertThat(member.client()).isEqualTo(phone.id());
                        assertThat(member.certified()).isFalse();
                        assertThat(member.isKnown()).isFalse();
                    });
            assertThat(team.members()).filteredOn(MemberInfo::certified).hasSize(2);
            List<ClientId> revoked = team.members().stream()
                    .filter(MemberInfo::revoked)
                    .map(MemberInfo::client)
                    .toList();
            assertThat(team.remove(revoked).isDone()).isTrue();
            assertThat(team.members()).hasSize(2).allMatch(MemberInfo::isKnown);
        }
    }

    @Test
    void aUsedCodeEnrolsNobodyElse() throws Exception {
        String code = code("alice");
        begin("alice/laptop", code).close();
        assertThatThrownBy(() -> begin("alice/phone", code))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.problem().rule()).contains("CODE_USED"));
    }
}
