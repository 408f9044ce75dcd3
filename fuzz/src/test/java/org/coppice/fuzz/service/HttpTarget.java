package org.coppice.fuzz.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.RequestId;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;

/**
 * Requests to a whole node of the delivery service. The first byte chooses a route, the rest is the body; beyond the last route, the rest
 * is all that goes over the wire, with <code>{token}</code> for alice's token and <code>{gid}</code> for her group. In a body
 * <code>{challenge}</code> is one of the service, and <code>{consent}</code> what alice's key has signed to what {@link #agreed} says.
 *
 * <p>No answer speaks of a fault of the server, every refusal is a problem of the contract, nothing is logged at level ERROR, and
 * afterwards a plain request is answered. A body at a route always has an answer. What is refused leaves the tables as they were.
 */
public final class HttpTarget implements Target {
    private static final String JSON = "application/json";
    private static final String PROBLEM = MediaTypes.PROBLEM;
    /** After so many inputs that were accepted a new node is opened, so that what one holds stays small. */
    private static final int MOST_ACCEPTED = 200;

    /** Where bodies go, in the order in which seeds know them. */
    private static final List<Route> ROUTES = List.of(
            new Route("POST /v1/auth/token", JSON),
            new Route("POST /v1/clients", JSON),
            new Route("PUT /v1/clients/me/credential", JSON),
            new Route("POST /v1/key-packages", JSON),
            new Route("POST /v1/key-packages/claim", JSON),
            new Route("POST /v1/groups", JSON),
            new Route("POST /v1/groups/{gid}/commits", MediaTypes.COMMIT_BUNDLE),
            new Route("POST /v1/groups/{gid}/messages", "message/mls"),
            new Route("PUT /v1/groups/{gid}/settings", JSON),
            new Route("POST /v1/groups/{gid}/reports", JSON),
            new Route("POST /v1/ca/enrolments", JSON),
            new Route("POST /v1/ca/renewals", JSON),
            new Route("POST /v1/ca/revocations", JSON),
            new Route("POST /v1/ca/codes", JSON),
            new Route("POST /v1/ca/operator/codes", JSON),
            new Route("POST /v1/ca/operator/revocations", JSON),
            new Route("POST /v1/clients/removals", JSON),
            new Route("POST /v1/operator/releases", JSON));

    private final ErrorLog log = new ErrorLog();
    private Node node;
    private Wire wire;
    private Tables tables;
    private int accepted;
    /** Whether nothing that an input asked for can be at work any more. */
    private boolean isAtRest;

    /** A method and path that take a body of a type. */
    private record Route(String line, String type) {
        /** Whether what it does would make other inputs mean something else. */
        boolean movesOn() {
            return line.endsWith("/commits")
                    || line.endsWith("/credential")
                    || line.endsWith("/revocations")
                    || line.endsWith("/removals")
                    || line.endsWith("/releases");
        }

        boolean isOperators() {
            return line.contains("/operator/");
        }
    }

    public HttpTarget() throws Exception {
        open();
    }

    private void open() throws Exception {
        node = new Node();
        wire = new Wire(node.port());
        tables = new Tables(node.database());
        accepted = 0;
    }

    /** The method and path that a seed chooses. */
    static String line(byte[] seed) {
        int number = (seed[0] & 0xff) % (ROUTES.size() + 1);
        String raw = new String(seed, 1, seed.length - 1, ISO_8859_1);
        return number < ROUTES.size() ? ROUTES.get(number).line() : raw.substring(0, raw.indexOf(" HTTP/"));
    }

    /** The number by which a seed chooses a route. */
    static int number(String line) {
        for (int i = 0; i < ROUTES.size(); i++) {
            if (ROUTES.get(i).line().equals(line)) {
                return i;
            }
        }
        return ROUTES.size();
    }

    /** Four times what the dearest takes, which is an input after which a new node is opened. */
    @Override
    public Allowance allowance() {
        return new Allowance(128 << 20, 4096);
    }

    @Override
    public boolean isThreaded() {
        return true;
    }

    @Override
    public Outcome run(byte[] input) throws Exception {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        int number = (input[0] & 0xff) % (ROUTES.size() + 1);
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        boolean isRaw = number == ROUTES.size();
        boolean asksOnce = !isRaw || !asksTwice(rest);
        tables.haveChanged();
        isAtRest = true;
        Optional<Wire.Answer> answer = isRaw ? raw(rest, asksOnce) : answered(post(ROUTES.get(number), rest));
        if (answer.isPresent()) {
            judge(answer.get());
            if (asksOnce) {
                judgeTables(answer.get(), tables);
            }
        }
        boolean isAccepted = answer.isPresent() && answer.get().status() < 300;
        accepted += isAccepted ? 1 : 0;
        if (isAccepted && movesOn(number, rest) || !isAtRest || accepted == MOST_ACCEPTED) {
            shut();
            open();
        }
        goOn();
        log.check();
        return isAccepted ? Outcome.ACCEPTED : Outcome.REFUSED;
    }

    /** Whether more than one request may be in there: only the first answer is judged, and what is stored may be another's doing. */
    private static boolean asksTwice(byte[] raw) {
        String text = new String(raw, ISO_8859_1);
        return text.indexOf("HTTP/") != text.lastIndexOf("HTTP/");
    }

    /** What is rightly framed has an answer, whatever it says; bytes over the wire need not. */
    static Optional<Wire.Answer> answered(Optional<Wire.Answer> answer) {
        if (answer.isEmpty()) {
            throw new Escape("no answer");
        }
        return answer;
    }

    private static void judge(Wire.Answer answer) {
        int status = answer.status();
        if (status >= 500 && status != 501 && status != 505) {
            throw new Escape(answer.head() + new String(answer.body(), ISO_8859_1));
        }
        if (status >= 400 && !answer.field("Content-Type").equals(PROBLEM) && answer.body().length > 0) {
            throw new Escape("a refusal that is no problem: " + answer.head());
        }
    }

    /** A refusal has changed nothing that is stored. */
    static void judgeTables(Wire.Answer answer, Tables tables) throws SQLException {
        if (answer.status() >= 400 && tables.haveChanged()) {
            throw new Escape(
                    "a refusal changed what is stored: " + answer.head() + new String(answer.body(), ISO_8859_1));
        }
    }

    /** The same body has the same request id, so that it is answered as it was the first time. */
    private Optional<Wire.Answer> post(Route route, byte[] input) throws IOException, MlsException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RequestId id = new RequestId(
                UUID.nameUUIDFromBytes((route.line() + new String(input, ISO_8859_1)).getBytes(ISO_8859_1)));
        byte[] body = agreed(route, id, input);
        String head = route.line() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nRequest-Id: "
                + id + (route.isOperators() ? "\r\nOperator-Token: " + Node.OPERATOR : "") + "\r\nContent-Type: "
                + route.type() + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        out.writeBytes(filled(head).getBytes(ISO_8859_1));
        out.writeBytes(body);
        return exchange(out.toByteArray());
    }

    /**
     * With what alice signs: her login, the credential that she has as a new one, and her consent to that, to her own removal, a code for
     * any device, and the revocation of her phone that is superseded.
     */
    private byte[] agreed(Route route, RequestId id, byte[] input) throws IOException, MlsException {
        String body = new String(input, ISO_8859_1);
        if (!body.contains("{consent}") && !body.contains("{signature}")) {
            return input;
        }
        Bytes challenge = node.challenge();
        CredentialStatement credential = node.replacement(id);
        ConsentStatement statement = switch (route.line()) {
            case "PUT /v1/clients/me/credential" -> ConsentStatement.to(credential);
            case "POST /v1/clients/removals" -> ConsentStatement.toUnregister(Town.ALICE, id, Town.ALICE);
            case "POST /v1/ca/codes" -> ConsentStatement.toCode(Town.ALICE, challenge, Optional.empty());
            default ->
                ConsentStatement.toRevocation(Town.ALICE, challenge, ClientId.parse("alice/phone"), "superseded");
        };
        return body.replace("{challenge}", Node.base64(challenge))
                .replace("{signature}", node.login(challenge))
                .replace("{proof}", node.proof(credential))
                .replace("{consent}", node.consent(statement))
                .getBytes(ISO_8859_1);
    }

    /** Whether other inputs would mean something else after this one; byte by byte it may have logged alice out. */
    private static boolean movesOn(int number, byte[] rest) {
        return number == ROUTES.size()
                ? new String(rest, ISO_8859_1).contains("/v1/auth/token")
                : ROUTES.get(number).movesOn();
    }

    private Optional<Wire.Answer> raw(byte[] text, boolean asksOnce) throws IOException {
        try (Wire fresh = new Wire(node.port())) {
            fresh.write(filled(new String(text, ISO_8859_1)).getBytes(ISO_8859_1));
            fresh.finish();
            Optional<Wire.Answer> answer = fresh.answer();
            isAtRest = asksOnce || fresh.ends();
            return answer;
        }
    }

    private String filled(String text) {
        String gid = Base64.getUrlEncoder().withoutPadding().encodeToString(Town.GROUP_ID.toByteArray());
        return text.replace("{token}", node.token()).replace("{gid}", gid);
    }

    /** Over the connection that stands, or a new one if the server closed it, as it does with those that are idle. */
    private Optional<Wire.Answer> exchange(byte[] request) throws IOException {
        Optional<Wire.Answer> answer = once(request);
        return answer.isPresent() ? answer : once(request);
    }

    private Optional<Wire.Answer> once(byte[] request) throws IOException {
        wire.write(request);
        Optional<Wire.Answer> answer = wire.answer();
        if (answer.isEmpty() || answer.get().field("Connection").equalsIgnoreCase("close")) {
            wire.close();
            wire = new Wire(node.port());
        }
        return answer;
    }

    private void goOn() throws IOException {
        String request = "GET /v1/groups/{gid}/settings HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer {token}\r\nAccept: application/json\r\n\r\n";
        Optional<Wire.Answer> answer = exchange(filled(request).getBytes(ISO_8859_1));
        if (answer.isEmpty() || answer.get().status() != 200) {
            throw new Escape("a plain request is not answered any more: "
                    + answer.map(it -> it.head() + new String(it.body(), ISO_8859_1))
                            .orElse("closed"));
        }
    }

    private void shut() throws IOException {
        wire.close();
        tables.close();
        node.close();
    }

    @Override
    public void close() throws IOException {
        shut();
        log.close();
    }
}
