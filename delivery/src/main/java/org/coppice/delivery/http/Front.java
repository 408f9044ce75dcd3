package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.error.DecodeException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes each request through what is the same for all: route, form, token, body, endpoint, answer. What costs little is checked first;
 * nothing of a body is read before everything else about its request is in order.
 */
final class Front extends Handler.Abstract {
    private static final Duration RETRY_AFTER_DRAINING = Duration.ofSeconds(1);
    /** How much of the body of a refused request is read, to be thrown away. */
    private static final int SWALLOWED_BYTES = 64 * 1024;

    private final Router router;
    private final Backend backend;
    private final Watch watch;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean draining;

    Front(Router router, Backend backend, Watch watch) {
        this.router = router;
        this.backend = backend;
        this.watch = watch;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback, watch.limits(), watch.metrics());
        watch.connections().began(request);
        inFlight.incrementAndGet();
        exchange.whenEnded(() -> ended(request));
        if (draining) {
            Problem problem = Problem.later(ProblemKind.UNAVAILABLE, RETRY_AFTER_DRAINING, "this node is stopping");
            exchange.send(Problems.reply(problem).with("Connection", "close"));
            return true;
        }
        try {
            begin(exchange);
        } catch (DeliveryException | IOException | DecodeException | RuntimeException | Error e) {
            refuse(exchange, Problems.of(e));
        }
        return true;
    }

    List<String> served() {
        return router.routes().stream()
                .map(route -> route.method() + " " + route.path())
                .toList();
    }

    /** Refuses what comes from now on; done when all that came before has been answered. */
    CompletableFuture<Void> drain() {
        draining = true;
        if (inFlight.get() == 0) {
            idle.complete(null);
        }
        return idle;
    }

    private void ended(Request request) {
        watch.connections().ended(request);
        if (inFlight.decrementAndGet() == 0 && draining) {
            idle.complete(null);
        }
    }

    private void begin(Exchange exchange) throws DeliveryException, IOException, DecodeException {
        Request request = exchange.request();
        Router.Match match =
                router.match(request.getMethod(), request.getHttpURI().getPath());
        if (match instanceof Router.NoPath) {
            refuse(exchange, Problems.unknownPath());
        } else if (match instanceof Router.NoMethod other) {
            refuse(exchange, Problems.methodNotAllowed(other.allowed()));
        } else if (match instanceof Router.Found found) {
            exchange.routed(found.route().path());
            begin(exchange, found);
        }
    }

    private void begin(Exchange exchange, Router.Found found) throws DeliveryException, IOException, DecodeException {
        Request request = exchange.request();
        Route route = found.route();
        Headers headers = new Headers(request.getHeaders(), watch.origins().of(request));
        Map<String, String> query = Query.parse(request.getHttpURI().getQuery(), route.query());
        if (route.needs().contains(Route.Need.REQUEST_ID)) {
            headers.requestId();
        }
        checkBody(request, route, headers);
        Optional<Backend.Session> session = Optional.empty();
        if (route.needs().contains(Route.Need.TOKEN)) {
            session = Optional.of(backend.open(headers.token(), headers.origin()));
            Backend.Session opened = session.get();
            exchange.whenEnded(() -> {
                opened.session().close();
                ended(request);
            });
            PeerCertificate.check(request, opened.session().self());
        }
        if (!route.body().isPresent()) {
            answer(new Call(found.parameters(), query, headers, session, new byte[0]), route, exchange);
            return;
        }
        read(exchange, found, new Call.Unread(found.parameters(), query, headers, session));
    }

    /**
     * Answers once a short body has come in: a connection that is closed on who still sends may lose the answer. Nobody waits for a long
     * one.
     */
    private void refuse(Exchange exchange, Reply reply) {
        long length = exchange.request().getLength();
        if (length <= 0 || length > SWALLOWED_BYTES) {
            exchange.send(reply);
            return;
        }
        BodyReader.Sink answer = new BodyReader.Sink() {
            @Override
            public void whole(byte[] body) {
                exchange.send(reply);
            }

            @Override
            public void failed(Reply failure) {
                exchange.send(reply);
            }
        };
        BodyReader.Allowance nothing = new BodyReader.Allowance(new Budget(0), exchange);
        new BodyReader(exchange.request(), SWALLOWED_BYTES, watch.limits(), nothing, answer).run();
    }

    private void checkBody(Request request, Route route, Headers headers) throws DeliveryException {
        if (!route.body().isPresent()) {
            if (request.getLength() > 0 || headers.single("Transfer-Encoding").isPresent()) {
                throw Problems.malformed("BODY", "this request has no body").asException();
            }
            return;
        }
        headers.checkBodyType(route.body().type());
        if (request.getLength() > route.body().max()) {
            throw BodyReader.tooLarge(route.body().max()).asException();
        }
    }

    private BodyReader.Allowance allowance(Call.Unread call) {
        return call.session()
                .map(opened -> new BodyReader.Allowance(
                        watch.clients(), opened.session().self()))
                .orElseGet(() -> new BodyReader.Allowance(
                        watch.strangers(), call.headers().origin()));
    }

    private void read(Exchange exchange, Router.Found found, Call.Unread call) {
        BodyReader[] reader = new BodyReader[1];
        reader[0] = new BodyReader(
                exchange.request(), found.route().body().max(), watch.limits(), allowance(call), new BodyReader.Sink() {
                    @Override
                    public void whole(byte[] body) {
                        try {
                            answer(call.with(body), found.route(), exchange);
                        } finally {
                            reader[0].release();
                        }
                    }

                    @Override
                    public void failed(Reply reply) {
                        try {
                            exchange.send(reply);
                        } finally {
                            reader[0].release();
                        }
                    }
                });
        reader[0].run();
    }

    private static void answer(Call call, Route route, Exchange exchange) {
        try {
            if (route.endpoint() instanceof Endpoint.Now now) {
                exchange.send(now.answer(call));
            } else if (route.endpoint() instanceof Endpoint.Later later) {
                later.begin(call, exchange);
            }
        } catch (DeliveryException | IOException | DecodeException | RuntimeException | Error e) {
            exchange.send(Problems.of(e));
        }
    }
}
