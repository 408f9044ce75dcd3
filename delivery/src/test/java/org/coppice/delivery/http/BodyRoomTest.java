package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.coppice.delivery.http.RawClient.assertProblem;
import static org.coppice.delivery.http.RawClient.head;
import static org.coppice.delivery.http.TestServer.problem;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What there is room for among the bodies that are on their way at once, and who takes it from whom. */
@Timeout(60)
class BodyRoomTest {
    private static final String MESSAGES = "/v1/groups/" + Sample.GID + "/messages";

    @Test
    void bodiesTogetherAreBounded() throws Exception {
        try (TestServer small = TestServer.start(
                new TestLimits().maxMessage(100_000).maxBodies(120_000).config())) {
            try (RawClient first = new RawClient(small)) {
                first.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 50000"))
                        .write("x".repeat(40_000));
                await().until(() -> small.ops("/metrics").contains("coppice_http_bodies_bytes 50000"));
                HttpResponse<byte[]> second = small.post(MESSAGES, "message/mls", new byte[40_000]);
                assertThat(problem(second)).isEqualTo("unavailable");
                assertThat(second.headers().firstValue("Retry-After")).isPresent();
                HttpResponse<byte[]> another = small.send(small.request(MESSAGES)
                        .setHeader("Authorization", "Bearer " + TestServer.BOB)
                        .header("Content-Type", "message/mls")
                        .header("Request-Id", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[30_000])));
                assertThat(problem(another)).as("half of what is left").isEqualTo("malformed");
                first.write("x".repeat(10_000));
                assertProblem(first.answer(), 400, "malformed");
            }
            await().until(() -> small.ops("/metrics").contains("coppice_http_bodies_bytes 0.0"));
        }
    }

    @Test
    void aBodyWithoutRoomIsHeardToItsEndSoThatItsSenderHearsTheAnswer() throws Exception {
        try (TestServer small = TestServer.start(
                        new TestLimits().maxMessage(100_000).maxBodies(20_000).config());
                RawClient client = new RawClient(small)) {
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 40000"))
                    .write("x".repeat(8_000));
            await().until(() -> small.ops("/metrics").contains("coppice_http_bodies_bytes 8192.0"));
            client.write("x".repeat(8_000));
            await().until(() -> small.ops("/metrics").contains("coppice_http_bodies_bytes 0.0"));
            client.write("x".repeat(24_000));
            assertProblem(client.answer(), 503, "unavailable");
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 2000"))
                    .write("x".repeat(2_000));
            assertProblem(client.answer(), 400, "malformed");
        }
    }

    @Test
    void strangersTakeNoRoomFromClientsNorFromOtherStrangers() throws Exception {
        List<RawClient> open = new ArrayList<>();
        try (TestServer small = TestServer.start(
                new TestLimits().maxBodies(16_000).config().andThen(config -> config.withProxy(true))::apply)) {
            String login = head("POST", "/v1/auth/token", "Content-Type: application/json", "Content-Length: 2000");
            for (int i = 0; i < 3; i++) {
                open.add(new RawClient(small).write(login).write("{"));
            }
            await().until(() -> small.ops("/metrics").contains("coppice_http_bodies_bytes 4000"));
            HttpResponse<byte[]> client = small.post(MESSAGES, "message/mls", new byte[7_000]);
            assertThat(problem(client)).isEqualTo("malformed");
            HttpResponse<byte[]> elsewhere = small.send(HttpRequest.newBuilder(small.uri("/v1/auth/token"))
                    .header("X-Forwarded-For", "192.0.2.1")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1000])));
            assertThat(problem(elsewhere)).isEqualTo("malformed");
        } finally {
            for (RawClient one : open) {
                one.close();
            }
        }
    }
}
