package org.coppice.client.engine;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.Group;

/**
 * The authenticated data of every message of a conversation: {@code struct { uint8 version = 1; opaque epoch_tag<V>; }}. Members of one
 * epoch whose tags differ have forked: they followed different Commits under the same number.
 */
final class EpochMark {
    private static final int VERSION = 1;

    private EpochMark() {}

    static Bytes of(Group group) {
        return new TlsWriter(16).uint8(VERSION).vector(Groups.epochTag(group)).toBytes();
    }

    /**
     * Whether a message of the group's present epoch, which could not be read, says that its sender is in another epoch of that number.
     * Nothing but the message says so: see {@link Forks}.
     */
    static boolean differs(MlsMessage message, Group group) {
        Optional<Bytes> theirs = Optional.empty();
        long epoch = -1;
        if (message.body() instanceof PrivateMessage body) {
            theirs = tag(body.authenticatedData());
            epoch = body.epoch();
        } else if (message.body() instanceof PublicMessage body) {
            theirs = tag(body.authenticated().content().authenticatedData());
            epoch = body.authenticated().content().epoch();
        }
        return epoch == group.epoch()
                && theirs.isPresent()
                && !SuiteCrypto.constantTimeEquals(theirs.get(), Groups.epochTag(group));
    }

    private static Optional<Bytes> tag(Bytes authenticatedData) {
        TlsReader in = new TlsReader(authenticatedData, DecodeLimits.DEFAULT);
        try {
            return in.uint8() == VERSION ? Optional.of(in.vector()) : Optional.empty();
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
