package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.engine.InterposedEngine;
import org.junit.jupiter.api.Test;

/** A stream of hints that could not begin is forgotten, whatever the reason. */
class FailedStreamTest {
    /** Such as no memory left for a moment: who had left was told of all that moved, for as long as the node ran. */
    @Test
    void isForgottenAfterAnError() throws Exception {
        InterposedEngine engine = new InterposedEngine(Servers.sqlite());
        try (DeliveryService service = Servers.open(engine, Servers.config())) {
            ClientId alice = ClientId.parse("alice/laptop");
            Device device = Device.of(Servers.inProcess(service), alice, HandshakePolicy.PUBLIC);
            DeliverySession session = device.session();
            engine.afterNextRead(() -> {
                throw new StackOverflowError("while a stream begins");
            });
            assertThatThrownBy(() -> session.subscribe((hint, id) -> {}, Optional.empty()))
                    .isInstanceOf(StackOverflowError.class);
            assertThat(service.openStreams()).isZero();
        }
    }
}
