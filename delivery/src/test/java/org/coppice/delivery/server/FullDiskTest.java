package org.coppice.delivery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Clock;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Dialect;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Room;
import org.coppice.delivery.http.HttpServers;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A node whose database has no room left, as a client sees it over HTTP. */
@ParameterizedClass
@EnumSource(Dialect.class)
class FullDiskTest {
    @Parameter
    Dialect dialect;

    private Engine engine;
    private DeliveryServer server;
    private Device alice;

    @BeforeEach
    void start() throws Exception {
        engine = dialect == Dialect.SQLITE ? Servers.sqlite() : Servers.postgres();
        ServerConfig config = ServerConfig.DEFAULT.withAddress("127.0.0.1", 0).withOps(Optional.empty());
        server = DeliveryServer.start(
                config,
                Clock.systemUTC(),
                (audiences, metrics) -> ServiceBackend.over(engine, Servers.config(), audiences, metrics));
        ClientId id = ClientId.parse("alice/laptop");
        MlsClient client = Device.mls(id, HandshakePolicy.PUBLIC);
        RegisteredCredential credential = new RegisteredCredential(
                Device.SUITE, id.basicCredential(), client.signer().publicKey());
        DeliverySession session = HttpServers.over(server.url()).session(id, credential, client.signer());
        alice = new Device(id, client, session);
        alice.create();
        alice.say("there is room");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private MlsMessage message() throws Exception {
        return alice.group().encrypt(new byte[2000]);
    }

    private static void refuses(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DeliveryException.class, e -> {
            assertThat(e.kind()).isEqualTo(ProblemKind.OUT_OF_STORAGE);
            assertThat(e.problem().retryAfter()).isPresent();
        });
    }

    @Test
    void saysSoLosesNothingAndGoesOnWhenThereIsRoom() throws Exception {
        Room.take(engine);
        int accepted = 1;
        RequestId refused = Device.request();
        MlsMessage message = message();
        // The pages that are there are filled first.
        for (int i = 0; i < 50; i++) {
            try {
                alice.session().send(refused, message);
                accepted++;
                refused = Device.request();
                message = message();
            } catch (DeliveryException e) {
                break;
            }
        }
        RequestId request = refused;
        MlsMessage same = message;
        refuses(() -> alice.session().send(request, same));
        assertThat(alice.log(0)).hasSize(accepted);
        assertThat(alice.session().outcome(request)).isEmpty();
        assertThat(alice.session().groups()).hasSize(1);
        Room.give(engine);
        assertThat(alice.session().send(request, same).seq()).isEqualTo(accepted + 1);
        alice.commit();
        assertThat(alice.log(0))
                .hasSize(accepted + 2)
                .extracting(LogEntry::seq)
                .doesNotHaveDuplicates()
                .endsWith(accepted + 2L);
    }

    @Test
    void saysSoAlsoIfThatComesOutInTheMomentOfConfirming() throws Exception {
        assumeTrue(dialect == Dialect.POSTGRESQL);
        Room.takeAtTheEnd(engine);
        RequestId request = Device.request();
        MlsMessage message = message();
        refuses(() -> alice.session().send(request, message));
        assertThat(alice.log(0)).hasSize(1);
        Room.give(engine);
        assertThat(alice.session().send(request, message).seq()).isEqualTo(2);
        assertThat(alice.session().outcome(request).orElseThrow()).isInstanceOf(Outcome.OfAppend.class);
    }
}
