package org.coppice.fuzz.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;

/** Makes the seeds of {@link AnswerTarget}. */
public final class AnswerSeeds {
    private static final String JSON = "application/json";

    private AnswerSeeds() {}

    /** Writes them. */
    public static void main(String[] args) throws MlsException {
        MlsClient alice = Town.client("alice/laptop");
        String keyPackage = base64(alice.generateKeyPackage().message().encoded());
        good(
                "stock",
                Calls.STOCK,
                "{\"suites\":[{\"cipherSuite\":1,\"ordinary\":3,\"lastResort\":{\"publishedMillis\":1,\"uses\":2}}]}");
        good("clients", Calls.CLIENTS, "{\"clients\":[\"bob/phone\"]}");
        String claim = "{\"claimed\":[{\"client\":\"bob/phone\",\"keyPackage\":\"" + keyPackage
                + "\",\"lastResort\":false}],\"without\":[\"bob/pad\"]}";
        good("claim", Calls.CLAIM, claim);
        seed(
                "bad-claim-of-others",
                Calls.CLAIM,
                200,
                JSON,
                claim.replace("bob/", "eve/").getBytes(ISO_8859_1));
        good(
                "settings",
                Calls.SETTINGS,
                "{\"handshakes\":\"public\",\"externalJoins\":{\"policy\":\"users\",\"users\":[\"bob\"]},"
                        + "\"retention\":{\"maxAgeSeconds\":86400,\"maxEntries\":1000}}");
        good(
                "inbox",
                Calls.INBOX,
                "{\"entries\":[{\"seq\":1,\"groupId\":\"Z3JvdXA\",\"logSeq\":1,\"epoch\":1,\"timeMillis\":1,"
                        + "\"welcome\":\"" + keyPackage + "\"}]}");
        good(
                "outcome",
                Calls.OUTCOME,
                "{\"kind\":\"append\",\"appended\":{\"seq\":1,\"epoch\":0,\"unroutedWelcomes\":[\"AAEC\"],\"repeated\":false}}");
        good(
                "groups",
                Calls.GROUPS,
                "{\"groups\":[{\"groupId\":\"Z3JvdXA\",\"epoch\":1,\"head\":2,\"from\":1,\"member\":true}]}");
        good("register", Calls.REGISTER, "{\"token\":\"t\",\"expires\":9999999999999,\"challenge\":\"AAEC\"}");
        good("voucher", Calls.VOUCHER, "{\"challenge\":\"AAEC\"}");
        seed(
                "found-token-of-two-lines",
                Calls.REGISTER,
                200,
                JSON,
                "{\"token\":\"a\\r\\nb\",\"expires\":9999999999999,\"challenge\":\"AAEC\"}".getBytes(ISO_8859_1));
        good("code", Calls.CODE, "{\"code\":\"abc\"}");
        good("chain", Calls.ENROL, "{\"chain\":[\"AAEC\"]}");
        good("anchor", Calls.ANCHOR, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
        good("published", Calls.PUBLISH, "{\"suites\":[]}");
        seed(
                "found-suite-number",
                Calls.STOCK,
                200,
                JSON,
                "{\"suites\":[{\"cipherSuite\":65536,\"ordinary\":3}]}".getBytes(ISO_8859_1));
        seed(
                "found-anchor-overlap",
                Calls.ANCHOR,
                200,
                JSON,
                "-----BEGIN CERTIFICATE-----END CERTIFICATE-----".getBytes(ISO_8859_1));
        String events =
                "id: 1\nevent: group\ndata: {\"groupId\":\"Z3JvdXA\",\"head\":2}\n\nevent: inbox\ndata: {\"head\":3}\n\n";
        seed("good-events", Calls.EVENTS, 200, "text/event-stream", events.getBytes(ISO_8859_1));
        seed("found-events-end-in-return", Calls.EVENTS, 200, "text/event-stream", "a\r".getBytes(ISO_8859_1));
        seed(
                "good-events-end-in-return",
                Calls.EVENTS,
                200,
                "text/event-stream",
                events.replace('\n', '\r').getBytes(ISO_8859_1));
        seed("good-events-empty-data", Calls.EVENTS, 200, "text/event-stream", "data:\n\n".getBytes(ISO_8859_1));
        String problem =
                "{\"type\":\"urn:coppice:problem:stale-epoch\",\"title\":\"x\",\"status\":409,\"detail\":\"d\",\"rule\":\"R\","
                        + "\"epoch\":3,\"head\":4,\"retryAfter\":1,\"offset\":2}";
        seed("bad-problem", Calls.GROUPS, 409, MediaTypes.PROBLEM, problem.getBytes(ISO_8859_1));
        seed(
                "bad-problem-login",
                Calls.STOCK,
                401,
                MediaTypes.PROBLEM,
                problem.replace("stale-epoch", "unauthenticated").getBytes(ISO_8859_1));
        String later = problem.replace("stale-epoch", "over-limit");
        seed(
                "found-negative-pause",
                Calls.GROUPS,
                429,
                MediaTypes.PROBLEM,
                later.replace("\"retryAfter\":1", "\"retryAfter\":-1").getBytes(ISO_8859_1));
        try (Group group = alice.createGroup(Town.GROUP_ID)) {
            seed(
                    "good-group-info",
                    Calls.GROUP_INFO,
                    200,
                    JSON,
                    group.groupInfo(true).encoded());
            seed("good-tree", Calls.TREE, 200, JSON, group.state().tree().encoded());
        }
    }

    private static void good(String name, Calls call, String body) {
        seed("good-" + name, call, 200, JSON, body.getBytes(ISO_8859_1));
    }

    private static void seed(String name, Calls call, int status, String type, byte[] body) {
        byte[] input = new byte[body.length + 2];
        input[0] = (byte) call.ordinal();
        input[1] = AnswerTarget.form(status, type);
        System.arraycopy(body, 0, input, 2, body.length);
        Seeds.write(Targets.ANSWER, name, input);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
