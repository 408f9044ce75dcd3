package org.coppice.fuzz.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.error.MlsException;

/**
 * What a service answers to a client. The first byte chooses a question, the second status and type of the answer, the rest is its body.
 * The client gets a value, a refusal of the contract, or an {@link IOException}.
 */
public final class AnswerTarget implements Target {
    private static final List<Integer> STATUSES = List.of(200, 400, 401, 404, 409, 429, 500, 204);
    private static final List<String> TYPES =
            List.of("application/json", MediaTypes.PROBLEM, MediaTypes.LOG, "text/event-stream");

    private final HostileServer server = new HostileServer();
    private final Calls.Caller caller;

    public AnswerTarget() throws MlsException, IOException {
        Identity me = Town.identity(Town.client("alice/laptop"), "alice/laptop");
        HttpDelivery delivery = delivery();
        caller = new Calls.Caller(delivery, delivery.connect(me), me);
    }

    /** The second byte of an input: an answer of this status and type. */
    static byte form(int status, String type) {
        return (byte) (STATUSES.indexOf(status) << 2 | TYPES.indexOf(type));
    }

    /** Several times what the dearest takes, which is a long list, with seventy bytes for each of its own. */
    @Override
    public Allowance allowance() {
        return new Allowance(2 << 20, 512);
    }

    @Override
    public boolean isThreaded() {
        return true;
    }

    @Override
    public Outcome run(byte[] input) {
        if (input.length < 2) {
            return Outcome.REFUSED;
        }
        Calls call = Calls.values()[(input[0] & 0xff) % Calls.values().length];
        byte[] rest = Arrays.copyOfRange(input, 2, input.length);
        boolean login = call == Calls.REGISTER || call == Calls.VOUCHER;
        server.answer(HostileServer.response(STATUSES.get(input[1] >> 2 & 7), TYPES.get(input[1] & 3), rest), login);
        try {
            call.ask(caller);
            return Outcome.ACCEPTED;
        } catch (DeliveryException | IOException e) {
            return Outcome.REFUSED;
        }
    }

    private HttpDelivery delivery() {
        ClientEnvironment environment = ClientEnvironment.builder()
                .clock(Town.CLOCK)
                .sleeper(AnswerTarget::sleep)
                .build();
        return HttpDelivery.builder("http://127.0.0.1:" + server.port())
                .environment(environment)
                .events(HttpDelivery.Events.STREAM)
                .build();
    }

    /** Takes what a thread's sleep takes, and no time. */
    private static void sleep(Duration duration) {
        if (duration.toMillis() < 0) {
            throw new Escape("told to sleep for " + duration);
        }
    }

    @Override
    public void close() throws IOException {
        caller.session().close();
        caller.delivery().close();
        server.close();
    }
}
