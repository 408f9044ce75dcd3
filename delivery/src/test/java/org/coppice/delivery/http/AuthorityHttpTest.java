package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The form of requests to the authentication service. */
class AuthorityHttpTest {
    private static final String CSR = "\"csr\": \"MAMBAQA=\"";

    private static final String CONSENT = "\"challenge\": \"AAEC\", \"consent\": \"AAEC\"";

    private static int status(TestServer server, String path, String body) throws Exception {
        return server.postJson(path, body).statusCode();
    }

    @Test
    void anEnrolmentHasEitherACodeOrAToken() throws Exception {
        try (TestServer server = TestServer.start()) {
            String path = "/v1/ca/enrolments";
            assertThat(status(server, path, "{" + CSR + ", \"code\": \"a\"}")).isEqualTo(201);
            assertThat(status(server, path, "{" + CSR + ", \"oidcToken\": \"a\"}"))
                    .isEqualTo(201);
            assertThat(status(server, path, "{" + CSR + "}")).isEqualTo(400);
            assertThat(status(server, path, "{" + CSR + ", \"code\": \"a\", \"oidcToken\": \"a\"}"))
                    .isEqualTo(400);
            assertThat(status(server, path, "{\"code\": \"a\"}")).isEqualTo(400);
            assertThat(status(server, path, "{\"csr\": \"no base64!\", \"code\": \"a\"}"))
                    .isEqualTo(400);
        }
    }

    @Test
    void aRequestMayBeInPem() throws Exception {
        try (TestServer server = TestServer.start()) {
            String pem = "-----BEGIN CERTIFICATE REQUEST-----\\nMAMB\\nAQA=\\n-----END CERTIFICATE REQUEST-----\\n";
            assertThat(status(server, "/v1/ca/enrolments", "{\"csr\": \"" + pem + "\", \"code\": \"a\"}"))
                    .isEqualTo(201);
        }
    }

    @Test
    void onlyTheOperatorDoesWhatIsTheOperators() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (String path :
                    List.of("/v1/ca/operator/codes", "/v1/ca/operator/revocations", "/v1/operator/releases")) {
                HttpResponse<byte[]> refused = server.postJson(path, "{}");
                assertThat(TestServer.problem(refused)).isEqualTo("unauthenticated");
                HttpResponse<byte[]> wrong = server.send(operator(server, path, "{}", "another"));
                assertThat(TestServer.problem(wrong)).isEqualTo("unauthenticated");
                HttpResponse<byte[]> known = server.send(operator(server, path, "{}", FakeAuthority.OPERATOR));
                assertThat(TestServer.problem(known)).isEqualTo("malformed");
            }
        }
    }

    private static HttpRequest.Builder operator(TestServer server, String path, String body, String token) {
        return HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/json")
                .header("Operator-Token", token)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void clientsNeedATokenToRenewRevokeAndInvite() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (String path : new String[] {"/v1/ca/renewals", "/v1/ca/revocations", "/v1/ca/codes"}) {
                HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(server.uri(path))
                        .header("Content-Type", "application/json")
                        .header("Request-Id", "01020304-0506-0708-090a-0b0c0d0e0f10")
                        .POST(HttpRequest.BodyPublishers.ofString("{}")));
                assertThat(TestServer.problem(response)).isEqualTo("unauthenticated");
            }
        }
    }

    @Test
    void reasonsAndNamesAreOfTheirForm() throws Exception {
        try (TestServer server = TestServer.start()) {
            String path = "/v1/ca/revocations";
            assertThat(status(
                            server, path, "{" + CONSENT + ", \"client\": \"alice/phone\", \"reason\": \"superseded\"}"))
                    .isEqualTo(200);
            assertThat(status(server, path, "{" + CONSENT + ", \"client\": \"alice/phone\", \"reason\": \"whim\"}"))
                    .isEqualTo(400);
            assertThat(status(server, path, "{" + CONSENT + ", \"client\": \"alice\"}"))
                    .isEqualTo(400);
            assertThat(status(server, "/v1/ca/codes", "{" + CONSENT + ", \"device\": \"not a device\"}"))
                    .isEqualTo(400);
        }
    }

    @Test
    void whoMakesACodeOrRevokesAgrees() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(status(server, "/v1/ca/codes", "{" + CONSENT + "}")).isEqualTo(201);
            assertThat(status(server, "/v1/ca/codes", "{}")).isEqualTo(400);
            assertThat(status(server, "/v1/ca/revocations", "{\"client\": \"alice/phone\"}"))
                    .isEqualTo(400);
        }
    }

    @Test
    void theAnchorIsInPem() throws Exception {
        try (TestServer server = TestServer.start()) {
            String pem = new String(server.get("/v1/ca").body(), StandardCharsets.US_ASCII);
            String body = pem.replace("-----BEGIN CERTIFICATE-----\n", "").replace("-----END CERTIFICATE-----\n", "");
            assertThat(Base64.getMimeDecoder().decode(body))
                    .isEqualTo(new FakeAuthority().anchor().getEncoded());
        }
    }
}
