package org.coppice.fuzz.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;

/** Makes the seeds of the targets of this package. */
public final class TownSeeds {
    private TownSeeds() {}

    /** Writes them. */
    public static void main(String[] args) throws MlsException, IOException {
        MlsClient alice = Town.client("alice/laptop");
        MlsClient carol = Town.client("carol/pad");
        String credential = base64(alice.credential().encoded());
        String key = base64(alice.signer().publicKey().data().toByteArray());
        String login = "{\"client\":\"alice/laptop\",\"cipherSuite\":1,\"credential\":\"" + credential
                + "\",\"signatureKey\":\"" + key
                + "\",\"audience\":\"http://127.0.0.1:1\",\"challenge\":\"AAECAwQFBgcICQoLDA0ODw==\",\"signature\":\"AA==\"}";
        http("bad-login", "POST /v1/auth/token", login);
        http("bad-register", "POST /v1/clients", login);
        String answering = "{\"client\":\"alice/laptop\",\"cipherSuite\":1,\"credential\":\"" + credential
                + "\",\"signatureKey\":\"" + key + "\",\"challenge\":\"{challenge}\",\"signature\":\"{signature}\"}";
        http("good-login", "POST /v1/auth/token", answering);
        http("good-register", "POST /v1/clients", answering);
        http(
                "bad-register-vouched",
                "POST /v1/clients",
                login.substring(0, login.length() - 1)
                        + ",\"voucher\":{\"client\":\"alice/phone\",\"challenge\":\"AAEC\",\"consent\":\"AA==\"}}");
        http(
                "bad-credential",
                "PUT /v1/clients/me/credential",
                "{\"cipherSuite\":1,\"credential\":\"" + credential + "\",\"signatureKey\":\"" + key
                        + "\",\"proof\":\"AA==\"}");
        http(
                "good-credential",
                "PUT /v1/clients/me/credential",
                "{\"cipherSuite\":1,\"credential\":\"" + credential + "\",\"signatureKey\":\"" + key
                        + "\",\"proof\":\"{proof}\",\"consent\":\"{consent}\"}");
        http(
                "good-publish",
                "POST /v1/key-packages",
                "{\"keyPackages\":[\""
                        + base64(alice.generateKeyPackage().message().encoded()) + "\"]}");
        http(
                "good-claim",
                "POST /v1/key-packages/claim",
                "{\"user\":\"bob\",\"cipherSuite\":1,\"required\":{\"extensions\":[],\"proposals\":[],\"credentials\":[1]},"
                        + "\"understood\":[1,2]}");
        http("good-claim-client", "POST /v1/key-packages/claim", "{\"client\":\"bob/phone\",\"cipherSuite\":1}");
        try (Group other = alice.createGroup(Bytes.wrap("other".getBytes(ISO_8859_1)))) {
            http(
                    "good-group",
                    "POST /v1/groups",
                    "{\"groupInfo\":\"" + base64(other.groupInfo(false).encoded())
                            + "\",\"ratchetTree\":\""
                            + base64(other.state().tree().encoded())
                            + "\",\"settings\":{\"handshakes\":\"public\",\"externalJoins\":{\"policy\":\"users\",\"users\":[\"bob\"]},"
                            + "\"retention\":{\"maxAgeSeconds\":86400,\"maxEntries\":1000}}}");
        }
        group(alice, carol);
        http(
                "good-settings",
                "PUT /v1/groups/{gid}/settings",
                "{\"handshakes\":\"public\",\"externalJoins\":{\"policy\":\"members\"},\"retention\":{}}");
        http("good-report", "POST /v1/groups/{gid}/reports", "{\"seq\":1,\"rule\":\"SOME_RULE\"}");
        http("bad-report", "POST /v1/groups/{gid}/reports", "{\"seq\":99,\"rule\":\"SOME_RULE\"}");
        authority();
        raw();
        forged();
    }

    /**
     * Well formed, and not what it says: of each kind that the routes check. From clients of their own, so that the others stay the same.
     */
    private static void forged() throws MlsException {
        MlsClient alice = Town.client("alice/laptop");
        MlsClient carol = Town.client("carol/pad");
        publish(
                "bad-publish-forged",
                forged(alice.generateKeyPackage().message().encoded()));
        publish("bad-publish-of-another", carol.generateKeyPackage().message().encoded());
        http("bad-claim-nobody", "POST /v1/key-packages/claim", "{\"client\":\"nobody/phone\",\"cipherSuite\":1}");
        try (Group other = alice.createGroup(Bytes.wrap("forged".getBytes(ISO_8859_1)))) {
            http(
                    "bad-group-forged",
                    "POST /v1/groups",
                    "{\"groupInfo\":\"" + base64(forged(other.groupInfo(false).encoded()))
                            + "\",\"ratchetTree\":\""
                            + base64(other.state().tree().encoded())
                            + "\",\"settings\":{\"handshakes\":\"public\",\"externalJoins\":{\"policy\":\"members\"},\"retention\":{}}}");
            binary(
                    "bad-application-of-another-group",
                    "POST /v1/groups/{gid}/messages",
                    other.encrypt(new byte[40]).encoded());
        }
        // The one member of another group of that name, who has the leaf that alice has in hers.
        try (Group same = carol.createGroup(Town.GROUP_ID)) {
            StagedCommit commit = same.commit().build();
            binary("bad-commit-forged", "POST /v1/groups/{gid}/commits", bundle(commit));
            binary(
                    "bad-proposal-forged",
                    "POST /v1/groups/{gid}/messages",
                    same.proposeUpdate().encoded());
        }
        http(
                "bad-settings",
                "PUT /v1/groups/{gid}/settings",
                "{\"handshakes\":\"neither\",\"externalJoins\":{\"policy\":\"members\"},\"retention\":{}}");
    }

    private static void publish(String name, byte[] keyPackage) {
        http(name, "POST /v1/key-packages", "{\"keyPackages\":[\"" + base64(keyPackage) + "\"]}");
    }

    /** With another signature, which is what stands last. */
    private static byte[] forged(byte[] signed) {
        byte[] out = signed.clone();
        out[out.length - 1] ^= 1;
        return out;
    }

    private static void group(MlsClient alice, MlsClient carol) throws MlsException {
        // As the node's alice does, who is the same.
        MlsClient same = Town.client("alice/laptop");
        try (Group group = same.createGroup(Town.GROUP_ID)) {
            group.groupInfo(true);
            binary(
                    "good-application",
                    "POST /v1/groups/{gid}/messages",
                    group.encrypt(new byte[40]).encoded());
            StagedCommit commit = group.commit()
                    .add(carol.generateKeyPackage().keyPackage())
                    .withoutTreeInWelcome()
                    .build();
            CommitBundle bundle = new CommitBundle(
                    commit.message(),
                    commit.welcome(),
                    Optional.of(commit.groupInfo(false)),
                    Optional.empty(),
                    List.of(),
                    List.of());
            binary("bad-add-stranger", "POST /v1/groups/{gid}/commits", bundle.encoded());
            StagedCommit empty = group.commit().build();
            binary("good-commit", "POST /v1/groups/{gid}/commits", bundle(empty));
            binary(
                    "good-proposal",
                    "POST /v1/groups/{gid}/messages",
                    group.proposeUpdate().encoded());
        }
    }

    private static byte[] bundle(StagedCommit commit) throws MlsException {
        return new CommitBundle(
                        commit.message(),
                        Optional.empty(),
                        Optional.of(commit.groupInfo(false)),
                        Optional.empty(),
                        List.of(),
                        List.of())
                .encoded();
    }

    private static void authority() {
        http("bad-enrol-code", "POST /v1/ca/enrolments", "{\"csr\":\"AAAA\",\"code\":\"k7f3q-9tm2x-4wd8h-p5rca\"}");
        http("bad-enrol-token", "POST /v1/ca/enrolments", "{\"csr\":\"MAA=\",\"oidcToken\":\"a.b.c\"}");
        http("bad-renew", "POST /v1/ca/renewals", "{\"csr\":\"MAA=\"}");
        String agreed = "\"challenge\":\"{challenge}\",\"consent\":\"{consent}\"}";
        http(
                "good-revoke",
                "POST /v1/ca/revocations",
                "{\"client\":\"alice/phone\",\"reason\":\"superseded\"," + agreed);
        http(
                "bad-revoke-another",
                "POST /v1/ca/revocations",
                "{\"client\":\"alice/laptop\",\"reason\":\"superseded\"," + agreed);
        http("bad-code", "POST /v1/ca/codes", "{" + agreed);
        http("bad-code-for-another", "POST /v1/ca/codes", "{\"device\":\"phone\"," + agreed);
        http("good-remove", "POST /v1/clients/removals", "{\"client\":\"alice/laptop\",\"consent\":\"{consent}\"}");
        http("bad-remove-another", "POST /v1/clients/removals", "{\"client\":\"bob/phone\",\"consent\":\"{consent}\"}");
        http("bad-remove-forged", "POST /v1/clients/removals", "{\"client\":\"alice/laptop\",\"consent\":\"AA==\"}");
        http("good-operator-code", "POST /v1/ca/operator/codes", "{\"user\":\"dave\",\"device\":\"phone\"}");
        http("good-operator-revoke", "POST /v1/ca/operator/revocations", "{\"client\":\"bob/phone\"}");
        http("good-operator-release", "POST /v1/operator/releases", "{\"user\":\"bob\"}");
        http("bad-operator-release", "POST /v1/operator/releases", "{\"user\":\"nobody\"}");
        http("bad-operator-code", "POST /v1/ca/operator/codes", "{\"client\":\"dave/phone\"}");
        http(
                "bad-operator-revoke",
                "POST /v1/ca/operator/revocations",
                "{\"client\":\"alice/phone\",\"reason\":\"a whim\"}");
    }

    private static void raw() {
        String token = "Host: localhost\r\nAuthorization: Bearer {token}\r\n";
        http(
                "good-raw-log",
                "",
                "GET /v1/groups/{gid}/log?after=0&limit=10&wait=1 HTTP/1.1\r\n" + token
                        + "Accept: application/json\r\n\r\n");
        http("good-raw-log-out", "", "DELETE /v1/auth/token HTTP/1.1\r\n" + token + "\r\n");
        http(
                "bad-raw-log-out",
                "",
                "DELETE /v1/auth/token HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer made-up\r\n\r\n");
        http("good-raw-tree", "", "GET /v1/groups/{gid}/tree?epoch=0 HTTP/1.1\r\n" + token + "\r\n");
        http("good-raw-inbox", "", "DELETE /v1/inbox?upTo=3 HTTP/1.1\r\n" + token + "\r\n");
        http(
                "good-raw-chunked",
                "",
                "POST /v1/key-packages/claim HTTP/1.1\r\n" + token
                        + "Request-Id: 01020304-0506-0708-090a-0b0c0d0e0f10\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "26\r\n{\"client\":\"bob/phone\",\"cipherSuite\":1}\r\n0\r\n\r\n");
        http(
                "good-raw-events",
                "",
                "GET /v1/events HTTP/1.1\r\n" + token + "Accept: text/event-stream\r\nLast-Event-ID: e1\r\n\r\n");
        http(
                "bad-raw-outcome",
                "",
                "GET /v1/requests/01020304-0506-0708-090a-0b0c0d0e0f11 HTTP/1.1\r\n" + token + "\r\n");
        http(
                "good-raw-upgrade",
                "",
                "GET /v1/groups HTTP/1.1\r\n" + token
                        + "Connection: upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        String plain = "Host: localhost\r\n\r\n";
        http("good-raw-challenge", "", "POST /v1/auth/challenge HTTP/1.1\r\nContent-Length: 0\r\n" + plain);
        http("bad-raw-challenge", "", "POST /v1/auth/challenge HTTP/1.1\r\nContent-Length: 2\r\n" + plain + "{}");
        http("good-raw-anchor", "", "GET /v1/ca HTTP/1.1\r\n" + plain);
        http("bad-raw-anchor", "", "GET /v1/ca?of=another HTTP/1.1\r\n" + plain);
        http("good-raw-crl", "", "GET /v1/ca/crl HTTP/1.1\r\n" + plain);
        http("bad-raw-crl", "", "GET /v1/ca/crl HTTP/1.1\r\nContent-Length: 1\r\n" + plain + "a");
        String stranger = "Host: localhost\r\nAuthorization: Bearer made-up\r\n\r\n";
        String[][] reads = {
            {"clients", "GET /v1/users/bob/clients", "GET /v1/users/nobody/clients"},
            {"stock", "GET /v1/key-packages", "GET /v1/key-packages?of=bob"},
            {"groups", "GET /v1/groups", "GET /v1/groups?after=1"},
            {"group-info", "GET /v1/groups/{gid}/group-info", "GET /v1/groups/AAAA/group-info"},
            {"settings", "GET /v1/groups/{gid}/settings", "GET /v1/groups/A/settings"},
            {"read-inbox", "GET /v1/inbox?after=0&limit=5", "GET /v1/inbox?after=-1"},
            {"read-log", "GET /v1/groups/{gid}/log?after=0", "GET /v1/groups/{gid}/log?after=x"},
            {"read-tree", "GET /v1/groups/{gid}/tree?epoch=0", "GET /v1/groups/{gid}/tree?epoch=7"},
            {"drop-inbox", "DELETE /v1/inbox?upTo=0", "DELETE /v1/inbox"},
            {"outcome", "", "GET /v1/requests/none"},
            {"hints", "GET /v1/events", "GET /v1/events?of=all"}
        };
        for (String[] read : reads) {
            if (!read[1].isEmpty()) {
                http("good-raw-" + read[0], "", read[1] + " HTTP/1.1\r\n" + token + "\r\n");
            }
            http("bad-raw-" + read[0] + "-asked-wrongly", "", read[2] + " HTTP/1.1\r\n" + token + "\r\n");
        }
        http("bad-raw-stranger", "", "GET /v1/groups HTTP/1.1\r\n" + stranger);
        http("bad-raw-h2", "", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void http(String name, String route, String body) {
        binary(name, route, body.getBytes(ISO_8859_1));
    }

    private static void binary(String name, String route, byte[] body) {
        byte[] input = new byte[body.length + 1];
        input[0] = (byte) HttpTarget.number(route);
        System.arraycopy(body, 0, input, 1, body.length);
        Seeds.write(Targets.HTTP, name, input);
    }
}
