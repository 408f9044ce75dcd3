package org.coppice.client.engine;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;

/**
 * Bytes on their way to the service, one at a time for each conversation: stored in the transaction that used up their key, and sent with
 * one request id until there is an answer.
 *
 * @param request the request id
 * @param wish the number of the wish that they fulfil; 0 for none
 * @param epoch the epoch that they were made in, an unsigned 64-bit number
 * @param body what they are
 * @param unrouted the key packages whose Welcome the service could not route, as it said when it took a Commit that the log has not
 *     shown yet; since version 2
 */
record Outgoing(RequestId request, long wish, long epoch, Body body, List<KeyPackageRef> unrouted) {
    private static final int VERSION = 2;

    Outgoing {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(body, "body");
        unrouted = List.copyOf(unrouted);
    }

    /** Bytes to which there is no answer yet. */
    Outgoing(RequestId request, long wish, long epoch, Body body) {
        this(request, wish, epoch, body, List.of());
    }

    /** The kinds of requests. */
    sealed interface Body extends Encodable {
        /** The message as the log will show it; empty for what does not go into a log. */
        Optional<Bytes> inLog();
    }

    /** The creation of a group at the service. */
    record Creation(MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings) implements Body {
        @Override
        public Optional<Bytes> inLog() {
            return Optional.empty();
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).vector(groupInfo.encoded()).uint8(ratchetTree.isPresent() ? 1 : 0);
            ratchetTree.ifPresent(out::vector);
            out.struct(settings);
        }
    }

    /** A Commit of a member. */
    record OwnCommit(CommitBundle bundle) implements Body {
        @Override
        public Optional<Bytes> inLog() {
            return Optional.of(Bytes.wrap(bundle.commit().encoded()));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).struct(bundle);
        }
    }

    /** The external Commit of a client that takes its place again. */
    record Rejoin(CommitBundle bundle) implements Body {
        @Override
        public Optional<Bytes> inLog() {
            return Optional.of(Bytes.wrap(bundle.commit().encoded()));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3).struct(bundle);
        }
    }

    /** An application message or a proposal. */
    record Single(MlsMessage message) implements Body {
        @Override
        public Optional<Bytes> inLog() {
            return Optional.of(Bytes.wrap(message.encoded()));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(4).vector(message.encoded());
        }
    }

    /** What is on its way in a conversation. */
    static Optional<Outgoing> find(Unit unit, Bytes groupId) {
        return unit.records().get(Spaces.OUTGOING, groupId).map(Outgoing::decode);
    }

    /** Keeps what the service said of Welcomes, if these bytes are still on their way. */
    void noteUnrouted(Unit unit, Bytes groupId, List<KeyPackageRef> refs) {
        if (find(unit, groupId)
                .filter(present -> present.request().equals(request))
                .isPresent()) {
            new Outgoing(request, wish, epoch, body, refs).save(unit, groupId);
        }
    }

    void save(Unit unit, Bytes groupId) {
        byte[] encoded = new TlsWriter(1024)
                .uint8(VERSION)
                .struct(request)
                .uint64(wish)
                .uint64(epoch)
                .struct(body)
                .list(unrouted)
                .finish();
        unit.records().put(Spaces.OUTGOING, groupId, encoded);
    }

    static void drop(Unit unit, Bytes groupId) {
        unit.records().delete(Spaces.OUTGOING, groupId);
    }

    private static Outgoing decode(byte[] stored) {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        try {
            int version = in.uint8();
            if (version < 1 || version > VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "an outgoing of version " + version);
            }
            Outgoing out = new Outgoing(
                    RequestId.decode(in),
                    in.uint64(),
                    in.uint64(),
                    body(in),
                    version < 2 ? List.of() : in.list(KeyPackageRef::decode));
            in.expectEnd();
            return out;
        } catch (DecodeException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "an outgoing message cannot be read", e);
        }
    }

    private static Body body(TlsReader in) throws DecodeException {
        int tag = in.uint8();
        return switch (tag) {
            case 1 -> new Creation(message(in), in.optional(TlsReader::vector), GroupSettings.decode(in));
            case 2 -> new OwnCommit(CommitBundle.decode(in));
            case 3 -> new Rejoin(CommitBundle.decode(in));
            case 4 -> new Single(message(in));
            default -> throw in.error(Rule.STORED_STATE, "an outgoing of kind " + tag);
        };
    }

    private static MlsMessage message(TlsReader in) throws DecodeException {
        return MlsMessage.decode(in.vector(), in.limits());
    }
}
