package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.ops.Metrics;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;

/** A group's log: appending to it, and reading it from a cursor. */
final class LogResource {
    private final LongPolls polls;
    private final Metrics metrics;
    private final Limits limits;

    LogResource(LongPolls polls, Metrics metrics, Limits limits) {
        this.polls = polls;
        this.metrics = metrics;
        this.limits = limits;
    }

    List<Route> routes() {
        Endpoint.Later read = this::read;
        return List.of(
                Route.write(
                        "POST",
                        "/v1/groups/{gid}/commits",
                        new Route.Body(MediaTypes.COMMIT_BUNDLE, limits.maxCommitBytes()),
                        this::commit),
                Route.write(
                        "POST",
                        "/v1/groups/{gid}/messages",
                        new Route.Body(GroupsResource.MESSAGE, limits.maxMessageBytes()),
                        this::send),
                new Route(
                        "GET",
                        "/v1/groups/{gid}/log",
                        Set.of(Route.Need.TOKEN),
                        Route.Body.NONE,
                        List.of("after", "limit", "wait"),
                        read));
    }

    private Reply commit(Call call) throws DeliveryException, IOException, DecodeException {
        CommitBundle bundle = call.decode(CommitBundle::decode);
        checkGroup(call, bundle.commit());
        try {
            Appended appended = call.session().commit(call.requestId(), bundle);
            if (!appended.repeated()) {
                metrics.appended(EntryKind.COMMIT);
                metrics.commitAccepted();
            }
            return Reply.json(200, JsonValues.of(appended));
        } catch (DeliveryException e) {
            metrics.commitRefused(e.problem());
            throw e;
        }
    }

    private Reply send(Call call) throws DeliveryException, IOException, DecodeException {
        MlsMessage message = call.decode(MlsMessage::decode);
        checkGroup(call, message);
        Appended appended = call.session().send(call.requestId(), message);
        if (!appended.repeated()) {
            metrics.appended(isProposal(message) ? EntryKind.PROPOSAL : EntryKind.APPLICATION);
        }
        return Reply.json(200, JsonValues.of(appended));
    }

    private void read(Call call, Exchange exchange) throws DeliveryException, IOException {
        DeliverySession session = call.session();
        Bytes groupId = call.groupId();
        long after = call.after();
        int limit = call.limit();
        Duration wait = call.waitFor(limits.maxWait());
        boolean json = call.prefersJson(MediaTypes.LOG);
        LongPolls.Read read = last -> {
            LogPage page = session.read(groupId, after, limit, Duration.ZERO);
            return page.entries().isEmpty() && !last ? Optional.empty() : Optional.of(reply(page, json));
        };
        LongPolls.Interest interest = hint -> hint instanceof Hint.OfGroup group
                && group.head() > after
                && group.groupId().equals(groupId);
        polls.answer(call, exchange, wait, read, interest);
    }

    private static Reply reply(LogPage page, boolean json) {
        return json ? Reply.json(200, JsonValues.of(page)) : Reply.binary(MediaTypes.LOG, page.encoded());
    }

    /** The path names the group so that what lies between can tell groups apart; the message says it too. */
    private static void checkGroup(Call call, MlsMessage message) throws DeliveryException {
        if (!message.groupId().equals(Optional.of(call.groupId()))) {
            throw Problems.malformed("GROUP_ID", "the message is not of the group that the path names")
                    .asException();
        }
    }

    private static boolean isProposal(MlsMessage message) {
        if (message.body() instanceof PrivateMessage sealed) {
            return sealed.contentType() == ContentType.PROPOSAL;
        }
        return true; // §6.2: a PublicMessage carries no application data
    }
}
