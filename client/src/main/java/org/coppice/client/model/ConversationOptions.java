package org.coppice.client.model;

import java.util.Objects;
import org.coppice.client.model.ConversationInfo.ExternalJoins;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Retention;

/**
 * How a new conversation is to be.
 *
 * @param name what it is called
 * @param handshakes whether the service can read, and check, who comes and goes; fixed for good
 * @param externalJoins who may come in without being added; fixed for good
 * @param retention how long the service keeps the log
 */
public record ConversationOptions(
        String name, HandshakePolicy handshakes, ExternalJoins externalJoins, Retention retention) {
    /** Checks that nothing is missing. */
    public ConversationOptions {
        Objects.requireNonNull(retention, "retention");
        new ConversationInfo(name, handshakes, externalJoins);
    }

    /** Handshakes that the service checks, members come back by themselves, nobody else, the service's retention. */
    public static ConversationOptions named(String name) {
        return new ConversationOptions(name, HandshakePolicy.PUBLIC, ExternalJoins.RESYNC, Retention.OF_SERVICE);
    }

    /** The same with handshakes that the service cannot read. */
    public ConversationOptions withPrivateHandshakes() {
        return new ConversationOptions(name, HandshakePolicy.PRIVATE, externalJoins, retention);
    }

    /** What the group itself says of it. */
    public ConversationInfo info() {
        return new ConversationInfo(name, handshakes, externalJoins);
    }

    /** What the service is told of it. */
    public GroupSettings settings() {
        ExternalJoinPolicy joins =
                externalJoins == ExternalJoins.OPEN ? ExternalJoinPolicy.ANYONE : ExternalJoinPolicy.RESYNC;
        return new GroupSettings(handshakes, joins, retention);
    }
}
