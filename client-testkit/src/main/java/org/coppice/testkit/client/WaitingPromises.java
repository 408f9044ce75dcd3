package org.coppice.testkit.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Connector;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.testkit.contract.Crew;
import org.coppice.testkit.contract.Demand;

/** The promises of a delivery service about who waits for something, and the SDK as a whole. */
final class WaitingPromises {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final DeliveryContract contract;
    private final Connector service;

    WaitingPromises(DeliveryContract contract, Connector service) {
        this.contract = contract;
        this.service = service;
    }

    void wakesReaders() throws Exception {
        try (Peer alice = contract.peer().creates()) {
            BlockingQueue<LogPage> read = new LinkedBlockingQueue<>();
            Crew crew = new Crew();
            crew.go(() -> {
                LogPage page;
                do { // a service may cut a wait short
                    page = alice.session.read(alice.groupId(), 0, 10, LONG);
                } while (page.entries().isEmpty());
                read.add(page);
            });
            alice.says("wake up");
            crew.await();
            Demand.equal("what was read", 1, read.take().entries().size());
            Demand.equal("without waiting", List.of(), alice.reads(alice.groupId(), 1));
        }
    }

    void hints() throws Exception {
        try (Peer alice = contract.peer().creates()) {
            alice.says("there already");
            BlockingQueue<Hint> hints = new LinkedBlockingQueue<>();
            try (Subscription subscription =
                    alice.session.subscribe((hint, event) -> hints.add(hint), Optional.empty())) {
                awaitHead(hints, alice.groupId(), 1);
                alice.says("new");
                awaitHead(hints, alice.groupId(), 2);
                Demand.that("the subscription is there", subscription != null);
            }
        }
    }

    void hintsInTurn() throws Exception {
        try (Peer alice = contract.peer().creates()) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            BlockingQueue<Hint> hints = new LinkedBlockingQueue<>();
            HintListener listener = (hint, event) -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                threads.add(Thread.currentThread());
                Thread.yield(); // so that another one could come in
                inside.decrementAndGet();
                hints.add(hint);
            };
            try (Subscription subscription = alice.session.subscribe(listener, Optional.empty())) {
                List<MlsMessage> messages = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    messages.add(alice.message("message " + i));
                }
                Crew crew = new Crew();
                Set<Thread> senders = ConcurrentHashMap.newKeySet();
                for (MlsMessage message : messages) {
                    crew.go(() -> {
                        senders.add(Thread.currentThread());
                        alice.session.send(Peer.request(), message);
                    });
                }
                crew.await();
                awaitHead(hints, alice.groupId(), messages.size());
                Demand.that("the subscription is there", subscription != null);
                Demand.equal("how many at a time", 1, most.get());
                threads.retainAll(senders);
                Demand.equal("senders that had to tell others", Set.of(), threads);
            }
        }
    }

    void endsWhatWaits() throws Exception {
        try (Peer alice = contract.peer().creates()) {
            CountDownLatch reading = new CountDownLatch(1);
            Crew crew = new Crew();
            crew.go(() -> {
                reading.countDown();
                try {
                    alice.session.read(alice.groupId(), 0, 10, LONG.multipliedBy(10));
                } catch (DeliveryException | IOException | IllegalStateException e) {
                    // One way to end.
                }
            });
            reading.await();
            alice.session.close();
            Demand.that("the read ends long before its time", crew.await(LONG.dividedBy(2)));
            alice.session.close();
        }
    }

    private static void awaitHead(BlockingQueue<Hint> hints, Bytes groupId, long head) throws InterruptedException {
        Hint hint;
        do {
            hint = hints.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            Demand.that("a hint of entry " + head + " comes", hint != null);
        } while (!(hint instanceof Hint.OfGroup of && of.groupId().equals(groupId) && of.head() >= head));
    }

    void carriesTheSdk() throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        Identity bobs = Identity.generate(environment, Peer.SUITE, contract.someone());
        Identity hers = Identity.generate(environment, Peer.SUITE, contract.someone());
        Conversation team;
        try (CoppiceClient alice = CoppiceClient.create(ClientStores.inMemory(), hers, environment, service)) {
            alice.sync();
            team = alice.createConversation("team");
            try (CoppiceClient bob = CoppiceClient.create(ClientStores.inMemory(), bobs, environment, service)) {
                bob.sync();
                Demand.that("bob is invited", team.invite(bobs.client().user()).isDone());
                bob.sync();
                Conversation his = bob.conversation(team.id()).orElseThrow();
                Demand.that("bob renames", his.rename("crew").isDone());
                Demand.that(
                        "alice refreshes, on an epoch that is over",
                        team.refresh().isDone());
                Demand.that("bob says something", his.send("here").isDone());
            }
            // Bob's store is gone; his key is not.
            try (CoppiceClient bob = CoppiceClient.create(ClientStores.inMemory(), bobs, environment, service)) {
                Demand.equal("what bob may take up again", List.of(team.id()), bob.recoverable());
                Conversation again = bob.rejoin(team.id());
                alice.sync();
                Demand.equal("the name", "crew", team.view().name());
                Demand.that("alice answers", team.send("welcome back").isDone());
                bob.sync();
                Demand.equal("agreement", team.epochAuthenticator(), again.epochAuthenticator());
                Demand.equal("what alice has read", List.of("here", "welcome back"), texts(team));
                Demand.equal("what bob has read", List.of("welcome back"), texts(again));
            }
        }
    }

    private static List<String> texts(Conversation conversation) {
        return conversation.latest(100).stream()
                .filter(HistoryEntry.Message.class::isInstance)
                .map(entry -> ((HistoryEntry.Message) entry).payload().text().orElse("?"))
                .toList();
    }
}
