package org.coppice.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.Identity;
import org.coppice.client.scenario.FakeService;
import org.coppice.client.scenario.FakeSession;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.junit.jupiter.api.Test;

/** A service that hints at groups which this client does not know costs it nothing that lasts. */
class HintedGroupsTest {
    @Test
    void nothingIsKeptInMemoryOfGroupsThatTheClientDoesNotHave() throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        CipherSuite suite = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        Identity alice = Identity.generate(environment, suite, ClientId.parse("alice/laptop"));
        FakeService service = new FakeService(Clock.systemUTC());
        try (Engine engine = Engine.create(
                new InMemoryClientStore(),
                alice,
                environment,
                identity -> new FakeSession(service, identity.client()))) {
            Bytes own = engine.create(ConversationOptions.named("team"));
            engine.sync(false, List.of(own));
            List<Bytes> strangers = IntStream.range(0, 100)
                    .mapToObj(number -> new TlsWriter().uint32(number).toBytes())
                    .toList();
            engine.sync(false, strangers);
            for (Bytes stranger : strangers) {
                engine.sync(stranger);
            }
            assertThat(engine.driven()).isOne();
        }
    }
}
