package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;

/** What is kept for one client: its Welcomes, and the answers to its writes. */
final class InboxResource {
    private final LongPolls polls;
    private final Limits limits;

    InboxResource(LongPolls polls, Limits limits) {
        this.polls = polls;
        this.limits = limits;
    }

    List<Route> routes() {
        Endpoint.Later read = this::read;
        Endpoint.Now acknowledge = this::acknowledge;
        Set<Route.Need> token = Set.of(Route.Need.TOKEN);
        return List.of(
                new Route("GET", "/v1/inbox", token, Route.Body.NONE, List.of("after", "limit", "wait"), read),
                new Route("DELETE", "/v1/inbox", token, Route.Body.NONE, List.of("upTo"), acknowledge),
                Route.read("/v1/requests/{id}", List.of(), this::outcome));
    }

    private void read(Call call, Exchange exchange) throws DeliveryException, IOException {
        DeliverySession session = call.session();
        long after = call.after();
        int limit = call.limit();
        Duration wait = call.waitFor(limits.maxWait());
        LongPolls.Read read = last -> {
            List<InboxEntry> entries = session.inbox(after, limit, Duration.ZERO);
            return entries.isEmpty() && !last
                    ? Optional.empty()
                    : Optional.of(Reply.json(200, JsonValues.inbox(entries)));
        };
        polls.answer(call, exchange, wait, read, hint -> hint instanceof Hint.OfInbox inbox && inbox.head() > after);
    }

    private Reply acknowledge(Call call) throws DeliveryException, IOException {
        Optional<Long> upTo = call.number("upTo", 0, Long.MAX_VALUE);
        if (upTo.isEmpty()) {
            throw Problems.malformed("QUERY", "\"upTo\" is missing").asException();
        }
        call.session().acknowledgeInbox(upTo.get());
        return Reply.noContent();
    }

    private Reply outcome(Call call) throws DeliveryException, IOException {
        RequestId id;
        try {
            id = RequestId.parse(call.parameter("id"));
        } catch (IllegalArgumentException e) {
            throw Problems.malformed("PATH", "a request id is a UUID in lower case and full length")
                    .asException();
        }
        Optional<Outcome> outcome = call.session().outcome(id);
        if (outcome.isEmpty()) {
            throw Problem.of(ProblemKind.UNKNOWN, "no write of this id took effect, or its answer is kept no longer")
                    .asException();
        }
        return Reply.json(200, JsonValues.of(outcome.get()));
    }
}
