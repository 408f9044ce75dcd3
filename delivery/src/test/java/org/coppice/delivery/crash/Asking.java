package org.coppice.delivery.crash;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Retention;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/** Sends writes as a client must that may not lose any: journalled before, and again with the same id until there is an answer. */
final class Asking {
    /** Everybody may come into the groups of these tests. */
    static final GroupSettings SETTINGS =
            new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.ANYONE, Retention.OF_SERVICE);

    private final Journal journal;

    Asking(Journal journal) {
        this.journal = journal;
    }

    /** Asks until there is an answer; throws what was refused. */
    Outcome ask(DeliverySession session, RequestId request, Journal.Kind kind, Encodable body)
            throws IOException, DeliveryException {
        journal.asked(session.self(), request, kind, body);
        return askAgain(session, request, kind, Bytes.wrap(body.encoded()));
    }

    Outcome askAgain(DeliverySession session, RequestId request, Journal.Kind kind, Bytes body)
            throws IOException, DeliveryException {
        while (true) {
            try {
                Outcome outcome = once(session, request, kind, body);
                journal.answered(session.self(), request, outcome);
                return outcome;
            } catch (DeliveryException e) {
                if (e.kind() != ProblemKind.UNAVAILABLE && e.kind() != ProblemKind.OUT_OF_STORAGE) {
                    journal.refused(session.self(), request);
                    throw e;
                }
                pause();
            } catch (IOException e) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Outcome once(DeliverySession session, RequestId request, Journal.Kind kind, Bytes body)
            throws IOException, DeliveryException {
        return switch (kind) {
            case CREATE ->
                new Outcome.OfAppend(
                        session.createGroup(request, decode(body, MlsMessage::decode), Optional.empty(), SETTINGS));
            case COMMIT -> new Outcome.OfAppend(session.commit(request, decode(body, CommitBundle::decode)));
            case SEND -> new Outcome.OfAppend(session.send(request, decode(body, MlsMessage::decode)));
            case PUBLISH ->
                new Outcome.OfPublication(
                        session.publishKeyPackages(request, decode(body, Asking::messages), Optional.empty()));
            case CLAIM -> new Outcome.OfClaim(session.claimKeyPackages(request, decode(body, ClaimRequest::decode)));
        };
    }

    private static List<MlsMessage> messages(TlsReader in) throws DecodeException {
        return in.list(MlsMessage::decode);
    }

    static <T> T decode(Bytes body, Decoder<T> decoder) {
        try {
            return decoder.decodeAll(body, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
