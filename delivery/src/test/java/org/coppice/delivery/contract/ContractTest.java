package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tests of the contract share: they run against each service, with clients that nobody else uses. */
@ParameterizedClass
@MethodSource("org.coppice.delivery.contract.Servers#all")
abstract class ContractTest {
    private static final AtomicInteger USERS = new AtomicInteger();

    @Parameter
    TestServer server;

    /** A client of a user that nobody else in this JVM is. */
    Device device(String name) throws Exception {
        return device(fresh(name), HandshakePolicy.PUBLIC);
    }

    static ClientId fresh(String name) {
        return ClientId.parse(name + USERS.incrementAndGet() + "/laptop");
    }

    Device device(ClientId id, HandshakePolicy handshakes) throws Exception {
        return Device.of(server, id, handshakes);
    }

    static RegisteredCredential credential(ClientId id, MlsClient client) {
        return new RegisteredCredential(
                Device.SUITE, id.basicCredential(), client.signer().publicKey());
    }

    /** Devices with key packages. */
    Device[] published(String... names) throws Exception {
        Device[] out = new Device[names.length];
        for (int i = 0; i < names.length; i++) {
            out[i] = device(names[i]);
            out[i].publish(2);
        }
        return out;
    }

    static Problem refusal(ThrowingCallable call) {
        Problem[] out = new Problem[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(DeliveryException.class, e -> out[0] = e.problem());
        return out[0];
    }

    static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThat(refusal(call).kind()).isEqualTo(kind);
    }

    static void refuses(String rule, ThrowingCallable call) {
        Problem problem = refusal(call);
        assertThat(problem.kind()).as(problem.toString()).isEqualTo(ProblemKind.REFUSED);
        assertThat(problem.rule()).contains(rule);
    }
}
