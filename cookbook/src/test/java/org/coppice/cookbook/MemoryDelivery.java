package org.coppice.cookbook;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.observer.PublicGroup;

/**
 * A delivery service in memory, for groups whose handshakes are public. What it keeps for each client is here, a group is a {@link Room},
 * and {@link MemorySession} is what one client sees. One lock: whoever holds it is alone.
 */
final class MemoryDelivery implements Connector {
    final Environment environment =
            Environment.builder().validator(CredentialValidator.acceptAll()).build();
    final Clock clock = Clock.systemUTC();
    final Map<Bytes, Room> rooms = new TreeMap<>();
    final List<MemoryHints> hints = new ArrayList<>();
    private final Map<ClientId, RegisteredCredential> clients = new TreeMap<>();
    private final Map<ClientId, Deque<KeyPackage>> ordinary = new HashMap<>();
    private final Map<ClientId, LastResort> lastResorts = new HashMap<>();
    private final Map<Bytes, ClientId> owners = new HashMap<>(); // by the reference of the key package
    private final Map<ClientId, List<InboxEntry>> inboxes = new HashMap<>();
    private final Map<ClientId, Long> inboxHeads = new HashMap<>();
    private final Map<List<Object>, Answer> answers = new HashMap<>();

    private record LastResort(KeyPackage keyPackage, long publishedMillis, long uses) {}

    private record Answer(List<?> request, Outcome outcome) {}

    /** A write, which is done once. */
    @FunctionalInterface
    interface Write {
        Outcome perform() throws DeliveryException;
    }

    @Override
    public synchronized DeliverySession connect(Identity identity) throws DeliveryException {
        RegisteredCredential known = clients.putIfAbsent(identity.client(), identity.registered());
        if (known != null && !known.equals(identity.registered())) {
            throw problem(ProblemKind.UNAUTHENTICATED); // over a network, a signed challenge proves the key
        }
        return new MemorySession(this, identity.client());
    }

    static DeliveryException problem(ProblemKind kind) {
        return Problem.of(kind, kind.wireName()).asException();
    }

    static DeliveryException refusal(MlsException e) {
        String rule = e.brokenRule().map(Rule::name).orElse("CRYPTO");
        return Problem.refused(rule, "the members would refuse it").asException();
    }

    // begin once
    /** Does a write once: the same request again gets the first answer, another one under its id none. */
    synchronized <T> T once(ClientId client, RequestId id, List<?> request, Function<Outcome, T> answer, Write write)
            throws DeliveryException {
        Answer former = answers.get(List.of(client, id));
        if (former == null) {
            former = new Answer(request, write.perform()); // what is refused leaves no answer
            answers.put(List.of(client, id), former);
            notifyAll(); // who waits for an entry
        } else if (!former.request().equals(request)) {
            throw problem(ProblemKind.REQUEST_ID_REUSED);
        } else if (former.outcome() instanceof Outcome.OfAppend append) {
            return answer.apply(new Outcome.OfAppend(append.appended().asRepeated()));
        }
        return answer.apply(former.outcome());
    }
    // end once

    synchronized Optional<Outcome> outcome(ClientId client, RequestId id) {
        return Optional.ofNullable(answers.get(List.of(client, id))).map(Answer::outcome);
    }

    // ---- clients and their key packages

    List<ClientId> clientsOf(ClaimRequest.Target target) throws DeliveryException {
        List<ClientId> out = clients.keySet().stream()
                .filter(client -> target instanceof ClaimRequest.OfClient one
                        ? client.equals(one.client())
                        : client.user().equals(((ClaimRequest.OfUser) target).user()))
                .toList();
        if (out.isEmpty()) {
            throw problem(ProblemKind.UNKNOWN_CLIENT);
        }
        return out;
    }

    synchronized RegisteredCredential credentialOf(ClientId client) throws DeliveryException {
        RegisteredCredential known = clients.get(client);
        if (known == null) {
            throw problem(ProblemKind.UNKNOWN_CLIENT);
        }
        return known;
    }

    synchronized void unregister(ClientId client) throws DeliveryException {
        if (clients.remove(client) == null) {
            throw problem(ProblemKind.UNKNOWN_CLIENT);
        }
        ordinary.remove(client);
        lastResorts.remove(client);
        inboxes.remove(client);
    }

    void replaceCredential(ClientId client, RegisteredCredential credential) {
        clients.put(client, credential);
        ordinary.remove(client);
        lastResorts.remove(client);
    }

    Stock publish(ClientId client, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException {
        for (MlsMessage message : keyPackages) {
            ordinary.computeIfAbsent(client, any -> new ArrayDeque<>()).add(own(client, message));
        }
        if (lastResort.isPresent()) {
            lastResorts.put(client, new LastResort(own(client, lastResort.get()), clock.millis(), 0));
        }
        return stock(client);
    }

    private KeyPackage own(ClientId client, MlsMessage message) throws DeliveryException {
        KeyPackage out = message.keyPackage().orElseThrow();
        try {
            owners.put(out.ref(environment.crypto(out.cipherSuite())), client);
        } catch (MlsException e) {
            throw refusal(e);
        }
        return out;
    }

    Stock stock(ClientId client) {
        CipherSuite suite = clients.get(client).cipherSuite();
        Optional<Stock.LastResort> last = Optional.ofNullable(lastResorts.get(client))
                .map(resort -> new Stock.LastResort(resort.publishedMillis(), resort.uses()));
        int count = ordinary.getOrDefault(client, new ArrayDeque<>()).size();
        return new Stock(List.of(new Stock.OfSuite(suite, count, last)));
    }

    // begin claim
    /** One key package of each client, and no two claims the same one, but for the last resort. */
    ClaimResult claim(ClaimRequest what) throws DeliveryException {
        List<ClaimResult.Claimed> claimed = new ArrayList<>();
        List<ClientId> without = new ArrayList<>();
        for (ClientId client : clientsOf(what.target())) {
            KeyPackage next = ordinary.getOrDefault(client, new ArrayDeque<>()).poll();
            LastResort last = lastResorts.get(client);
            if (next != null) {
                claimed.add(new ClaimResult.Claimed(client, message(next), false));
            } else if (last != null) {
                lastResorts.put(client, new LastResort(last.keyPackage(), last.publishedMillis(), last.uses() + 1));
                claimed.add(new ClaimResult.Claimed(client, message(last.keyPackage()), true));
            } else {
                without.add(client);
            }
        }
        return new ClaimResult(claimed, without);
    }
    // end claim

    private static MlsMessage message(KeyPackage keyPackage) {
        return new MlsMessage(new MlsMessage.KeyPackage(keyPackage));
    }

    // ---- groups

    Appended create(ClientId creator, MlsMessage groupInfo, Optional<Bytes> tree, GroupSettings settings)
            throws DeliveryException {
        if (settings.handshakes() != HandshakePolicy.PUBLIC) {
            throw Problem.refused("HANDSHAKES", "only public handshakes can be followed")
                    .asException();
        }
        try {
            PublicGroup group = PublicGroup.follow(environment, groupInfo, tree);
            if (rooms.containsKey(group.state().groupId())) {
                throw problem(ProblemKind.DUPLICATE_GROUP);
            }
            Room room = new Room(group, groupInfo, settings);
            if (!room.members().contains(creator)) {
                throw Problem.refused("MEMBER", "the creator is no member").asException();
            }
            rooms.put(group.state().groupId(), room);
            return new Appended(0, group.state().epoch(), List.of(), false);
        } catch (MlsException e) {
            throw refusal(e);
        }
    }

    Room room(Bytes groupId) throws DeliveryException {
        Room room = rooms.get(groupId);
        if (room == null) {
            throw problem(ProblemKind.UNKNOWN_GROUP);
        }
        return room;
    }

    Appended commit(ClientId client, CommitBundle bundle) throws DeliveryException {
        Bytes groupId = bundle.commit().groupId().orElseThrow();
        Room room = room(groupId);
        room.commit(client, bundle, clock.millis());
        List<KeyPackageRef> unrouted =
                bundle.welcome().map(welcome -> route(room, groupId, welcome)).orElse(List.of());
        return new Appended(room.head(), room.epoch(), unrouted, false);
    }

    /** Puts a Welcome into the inboxes of those whose key packages it is for. */
    private List<KeyPackageRef> route(Room room, Bytes groupId, MlsMessage welcome) {
        List<KeyPackageRef> unrouted = new ArrayList<>();
        for (Welcome.EncryptedGroupSecrets secrets :
                ((MlsMessage.Welcome) welcome.body()).welcome().secrets()) {
            ClientId owner = owners.get(secrets.newMember());
            if (owner == null) {
                unrouted.add(new KeyPackageRef(secrets.newMember()));
            } else {
                long place = inboxHeads.merge(owner, 1L, Long::sum);
                inbox(owner).add(new InboxEntry(place, groupId, room.head(), room.epoch(), clock.millis(), welcome));
            }
        }
        return unrouted;
    }

    List<InboxEntry> inbox(ClientId client) {
        return inboxes.computeIfAbsent(client, any -> new ArrayList<>());
    }

    long inboxHead(ClientId client) {
        return inboxHeads.getOrDefault(client, 0L);
    }
}
