package org.coppice.delivery.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Hint;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of hints. */
@Timeout(60)
class EventsTest {
    private static Hint.OfGroup hint(long head) {
        return new Hint.OfGroup(Sample.GROUP, head);
    }

    @Test
    void tellsWhatMovesAndResumes() throws Exception {
        try (TestServer server = TestServer.start().withGroup();
                EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty())) {
            assertThat(events.status()).isEqualTo(200);
            String last = readUntilInbox(events, 0);
            server.postMessage(Sample.application(1));
            EventReader.Event moved = events.next().orElseThrow();
            assertThat(moved.name()).isEqualTo("group");
            assertThat(moved.data()).isEqualTo("{\"groupId\":\"CgsM\",\"head\":1}");
            assertThat(moved.id()).as("nothing else is left to be told").isNotEmpty();
            try (EventReader resumed = EventReader.open(server, TestServer.ALICE, Optional.of(last))) {
                assertThat(resumed.next().orElseThrow().data()).contains("\"head\":1");
            }
        }
    }

    private static String readUntilInbox(EventReader events, long head) throws IOException {
        while (true) {
            EventReader.Event event = events.next().orElseThrow();
            if (event.name().equals("inbox")) {
                assertThat(event.data()).isEqualTo("{\"head\":" + head + "}");
                assertThat(event.id()).isNotEmpty();
                return event.id();
            }
        }
    }

    @Test
    void hintsGoToTheirClientAlone() throws Exception {
        try (TestServer server = TestServer.start();
                EventReader alice = EventReader.open(server, TestServer.ALICE, Optional.empty());
                EventReader bob = EventReader.open(server, TestServer.BOB, Optional.empty())) {
            readUntilInbox(alice, 0);
            readUntilInbox(bob, 0);
            server.service.hints.to(ClientId.parse("bob/laptop"), new Hint.OfInbox(7));
            server.service.hints.toAll(hint(1));
            assertThat(alice.next().orElseThrow().name()).isEqualTo("group");
            // In either order: hints that come close together are told together, in an order of their own.
            assertThat(List.of(
                            bob.next().orElseThrow().data(),
                            bob.next().orElseThrow().data()))
                    .containsExactlyInAnyOrder("{\"head\":7}", "{\"groupId\":\"CgsM\",\"head\":1}");
        }
    }

    /** A reader that reads nothing while much happens gets few events afterwards, the last of each group right, and one id at the end. */
    @Test
    void aSlowReaderGetsHintsMerged() throws Exception {
        int hints = 400_000;
        try (TestServer server = TestServer.start();
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress("127.0.0.1", server.server.port()));
            socket.getOutputStream()
                    .write(("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.ALICE
                                    + "\r\n\r\n")
                            .getBytes(US_ASCII));
            await().until(() -> server.service.hints.subscribers() == 1);
            Bytes other = Bytes.fromHex("ff");
            for (int i = 1; i <= hints; i++) {
                server.service.hints.toAll(i % 2 == 0 ? hint(i) : new Hint.OfGroup(other, i));
            }
            CountDownLatch told = new CountDownLatch(1);
            server.service.executor().execute(told::countDown);
            told.await();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            List<String> seen = new ArrayList<>();
            boolean even = false;
            boolean odd = false;
            while (!(even && odd)) {
                String line = in.readLine();
                seen.add(line);
                even |= line.equals("data: {\"groupId\":\"CgsM\",\"head\":" + hints + "}");
                odd |= line.equals("data: {\"groupId\":\"_w\",\"head\":" + (hints - 1) + "}");
            }
            long events = seen.stream().filter(line -> line.startsWith("data:")).count();
            assertThat(events).isLessThan(hints / 4);
        }
    }

    @Test
    void idleStreamsGetHeartbeats() throws Exception {
        try (TestServer server = TestServer.start(
                        new TestLimits().heartbeat(Duration.ofMillis(50)).config());
                EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty())) {
            events.awaitComments(3);
            server.service.hints.toAll(hint(5));
            EventReader.Event event = events.next().orElseThrow();
            while (!event.name().equals("group")) {
                event = events.next().orElseThrow();
            }
            assertThat(event.data()).contains("\"head\":5");
        }
    }

    /** One timer serves all streams, and one thing that went wrong in it ended heartbeats and the look at tokens for all, for good. */
    @Test
    void idleStreamsGetHeartbeatsAlsoAfterOneThatFailed() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        Clock failing = new TestClock(() -> {
            if (failures.getAndIncrement() < 2) {
                throw new StackOverflowError("while looking after the streams");
            }
            return System.currentTimeMillis();
        });
        try (TestServer server = TestServer.start(
                        new TestLimits().heartbeat(Duration.ofMillis(50)).config(), failing);
                EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty())) {
            await().until(() -> failures.get() > 2);
            events.awaitComments(3);
            assertThat(server.ops("/metrics"))
                    .contains("coppice_chores_failed_total{chore=\"looking after streams\"} 2.0")
                    .contains("coppice_chores_failed_total{chore=\"looking after connections\"} 0.0");
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        try (TestServer server = TestServer.start(
                new TestLimits().heartbeat(Duration.ofMillis(50)).config())) {
            server.service.tokensExpire = System.currentTimeMillis() + 300;
            try (EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty())) {
                while (events.next().isPresent()) {
                    // until the end, which this waits for
                }
            }
            await().until(() -> server.service.hints.subscribers() == 0);
            await().until(() -> server.service.openSessions.get() == 0);
        }
    }

    @Test
    void aStreamEndsWhenItsClientLogsOut() throws Exception {
        try (TestServer server = TestServer.start();
                EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty());
                EventReader others = EventReader.open(server, TestServer.BOB, Optional.empty())) {
            readUntilInbox(others, 0);
            await().until(() -> server.service.hints.subscribers() == 2);
            assertThat(server.send(server.request("/v1/auth/token").DELETE()).statusCode())
                    .isEqualTo(204);
            while (events.next().isPresent()) {
                // until the end, which this waits for
            }
            server.service.hints.toAll(hint(4));
            assertThat(others.next().orElseThrow().data()).contains("\"head\":4");
        }
    }

    @Test
    void oneStreamTooManyEndsTheOldest() throws Exception {
        try (TestServer server =
                        TestServer.start(new TestLimits().streamsPerClient(2).config());
                EventReader first = EventReader.open(server, TestServer.ALICE, Optional.empty());
                EventReader second = EventReader.open(server, TestServer.ALICE, Optional.empty());
                EventReader third = EventReader.open(server, TestServer.ALICE, Optional.empty())) {
            while (first.next().isPresent()) {
                // until the end, which this waits for
            }
            for (EventReader open : List.of(second, third)) {
                readUntilInbox(open, 0); // a hint that comes while this is on its way may be told before it
            }
            server.service.hints.toAll(hint(9));
            for (EventReader open : List.of(second, third)) {
                assertThat(open.next().orElseThrow().data()).contains("\"head\":9");
            }
        }
    }

    @Test
    void aReaderThatLeftIsForgotten() throws Exception {
        try (TestServer server = TestServer.start(
                new TestLimits().heartbeat(Duration.ofMillis(50)).config())) {
            EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty());
            await().until(() -> server.service.hints.subscribers() == 1);
            events.close();
            await().until(() -> server.service.hints.subscribers() == 0);
            await().until(() -> server.service.openSessions.get() == 0);
        }
    }

    @Test
    void aReaderThatStoppedReadingIsDropped() throws Exception {
        try (TestServer server = TestServer.start(new TestLimits()
                        .heartbeat(Duration.ofMillis(100))
                        .idle(Duration.ofSeconds(1))
                        .config());
                Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.ALICE
                                    + "\r\n\r\n")
                            .getBytes(US_ASCII));
            await().until(() -> server.service.hints.subscribers() == 1);
            Bytes[] groups = new Bytes[2000];
            for (int i = 0; i < groups.length; i++) {
                groups[i] = Bytes.wrap(new byte[] {(byte) i, (byte) (i >> 8)});
            }
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        for (Bytes group : groups) {
                            server.service.hints.toAll(new Hint.OfGroup(group, System.nanoTime()));
                        }
                        return server.service.hints.subscribers() == 0;
                    });
        }
    }

    @Test
    void aMadeUpEventIdIsRefused() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<byte[]> answer =
                    server.send(server.request("/v1/events").header("Last-Event-ID", "a b"));
            assertThat(TestServer.problem(answer)).isEqualTo("malformed");
        }
    }
}
