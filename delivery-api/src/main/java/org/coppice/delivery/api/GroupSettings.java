package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * How the service treats a group. Members set it; the service enforces it, and no member can rely on the service for it.
 *
 * @param handshakes whether the service can read handshake messages; fixed when the group is created
 * @param externalJoins who may come in by itself
 * @param retention how long the log is kept
 */
public record GroupSettings(HandshakePolicy handshakes, ExternalJoinPolicy externalJoins, Retention retention)
        implements Encodable {
    /** Public handshakes, clients of members may come back by themselves, the log is kept as the service does it. */
    public static final GroupSettings DEFAULT =
            new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.MEMBERS, Retention.OF_SERVICE);

    /** Checks that nothing is missing. */
    public GroupSettings {
        Objects.requireNonNull(handshakes, "handshakes");
        Objects.requireNonNull(externalJoins, "externalJoins");
        Objects.requireNonNull(retention, "retention");
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static GroupSettings decode(TlsReader in) throws DecodeException {
        return new GroupSettings(HandshakePolicy.decode(in), ExternalJoinPolicy.decode(in), Retention.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(handshakes).struct(externalJoins).struct(retention);
    }
}
