package org.coppice.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.coppice.client.engine.Engine;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Payload;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.Group;

/**
 * A conversation of a {@link CoppiceClient}: a group whose members can read what is said in it, and nobody else. Has no state of its own;
 * equal to others of the same client and id. Thread safe.
 *
 * <p>What is asked for gives a {@link Receipt}: done, kept for later, or refused. Wishes of one conversation are settled in their order.
 */
public final class Conversation {
    private final Engine engine;
    private final Bytes groupId;

    Conversation(Engine engine, Bytes groupId) {
        this.engine = engine;
        this.groupId = groupId;
    }

    /** Its id, the MLS group id. */
    public Bytes id() {
        return groupId;
    }

    /** How it is now. */
    public ConversationView view() {
        return engine.view(groupId).orElseThrow(() -> new IllegalStateException("there is no such conversation"));
    }

    /** The members, by client; empty once this client is none. */
    public List<MemberInfo> members() {
        return engine.members(groupId);
    }

    // ---- saying

    /** Sends a text. */
    public Receipt send(String text) {
        return send(Payload.text(newMessageId(), engine.environment().clock().millis(), text));
    }

    /** Sends a body of any kind. */
    public Receipt send(String contentType, Bytes body) {
        return send(new Payload(newMessageId(), engine.environment().clock().millis(), contentType, body, List.of()));
    }

    /** Sends a payload; one with the id of another message of this client is taken for a copy of it and dropped by receivers. */
    public Receipt send(Payload payload) {
        return engine.drive(groupId, engine.send(groupId, payload));
    }

    /** Keeps a text to be sent by the next {@link #sync}, without talking to the service. */
    public Receipt enqueue(String text) {
        return engine.send(
                groupId,
                Payload.text(newMessageId(), engine.environment().clock().millis(), text));
    }

    /** Sends what {@link #enqueue} has kept, and all that was asked for before it; says what became of it. */
    public Receipt settle(Receipt kept) {
        return engine.drive(groupId, kept);
    }

    /** Takes something back that waits; false if it is on its way or settled. */
    public boolean cancel(Receipt receipt) {
        return engine.cancel(groupId, receipt.number());
    }

    private MessageId newMessageId() {
        return MessageId.random(engine.environment().randomness());
    }

    // ---- members

    /** Adds all clients of a user. {@link Receipt#without} names those that cannot be added, as they have no key package. */
    public Receipt invite(UserName user) {
        return invite(List.of(user), List.of());
    }

    /** Adds all clients of users, and single clients, with one Commit. Who is a member already is passed over. */
    public Receipt invite(List<UserName> users, List<ClientId> clients) {
        return engine.drive(groupId, engine.invite(groupId, users, clients));
    }

    /** Removes all clients of a user. */
    public Receipt remove(UserName user) {
        List<ClientId> clients = members().stream()
                .map(MemberInfo::client)
                .filter(client -> client.user().equals(user))
                .toList();
        return remove(clients);
    }

    /** Removes clients; who is no member is passed over, and so is this client, which leaves by {@link #leave}. */
    public Receipt remove(List<ClientId> clients) {
        return engine.drive(groupId, engine.remove(groupId, clients));
    }

    /**
     * Asks to leave. Another member has to commit that (RFC 9750 §3.6): the receipt waits until one has, and nothing can be sent
     * meanwhile.
     */
    public Receipt leave() {
        return engine.drive(groupId, engine.leave(groupId));
    }

    /**
     * Ends this client's part here and now, without asking anybody, and for the others it stays a member until one of them removes it:
     * for a conversation that is damaged or cannot be followed, and is not wanted back. The history stays, and
     * {@link CoppiceClient#rejoin} undoes this as long as the others still count it for a member.
     */
    public void abandon() {
        engine.abandon(groupId);
    }

    // ---- the group

    /**
     * Gives the conversation another name.
     *
     * @throws IllegalArgumentException if it is longer than 256 bytes of UTF-8, or is no Unicode text
     */
    public Receipt rename(String name) {
        return engine.drive(groupId, engine.rename(groupId, name));
    }

    /** Replaces this client's keys now; otherwise that is done when it is due. */
    public Receipt refresh() {
        return engine.drive(groupId, engine.refresh(groupId));
    }

    // ---- reading

    /**
     * Reads what is new and sends what waits.
     *
     * @throws DeliveryException if the service refuses to work for this client now
     * @throws IOException if the service cannot be reached
     */
    public void sync() throws DeliveryException, IOException {
        engine.sync(groupId);
    }

    /** Like {@link #sync}, and leaves it to a later call if the service cannot be reached. */
    void tryToSync() {
        try {
            engine.sync(groupId);
        } catch (DeliveryException | IOException e) {
            // Everything is kept; the next call tries again.
        }
    }

    /**
     * The lines of history after an entry of the log, the earliest first. The place of the last line is where to go on.
     *
     * @param after the last entry that the reader has, 0 for none
     * @param limit how many at most
     */
    public List<HistoryEntry> history(long after, int limit) {
        return engine.historyAfter(groupId, after, limit);
    }

    /** The last lines of history, the earliest first. */
    public List<HistoryEntry> latest(int limit) {
        return engine.historyBefore(groupId, 0, limit);
    }

    /** The lines of history before an entry of the log, the earliest first. */
    public List<HistoryEntry> before(long seq, int limit) {
        return engine.historyBefore(groupId, seq, limit);
    }

    // ---- knowing who is who

    /**
     * The digits to compare with another user: both sides see the same if each sees the devices and keys that the other has here.
     *
     * @throws IllegalArgumentException if the user has no device in this conversation
     */
    public SafetyNumber safetyNumber(UserName user) {
        return SafetyNumber.of(engine.identity().client().user(), user, members());
    }

    /**
     * Notes that devices and keys of a user were compared; a device or key that is new is unverified again.
     *
     * @param compared the number that the two users have seen to be equal
     * @throws KeysChangedException if it is another one now, so that keys would be noted that nobody has compared
     * @throws IllegalArgumentException if the user has no device in this conversation
     * @throws IllegalStateException if this client is not in the conversation
     */
    public void verify(UserName user, SafetyNumber compared) throws KeysChangedException {
        engine.verify(groupId, user, compared);
    }

    /** Takes back what {@link #verify} noted. */
    public void unverify(UserName user) {
        engine.unverify(groupId, user);
    }

    /** A value that is equal at all who agree on the present epoch, to be compared out of band; empty if this client is no member. */
    public Optional<Bytes> epochAuthenticator() {
        return engine.withGroup(groupId, Group::epochAuthenticator);
    }

    // ---- without waiting

    /** Does something with this conversation on another thread, such as {@code team.async(executor, c -> c.send("hello"))}. */
    public <T> CompletableFuture<T> async(Executor executor, Function<Conversation, T> call) {
        return CompletableFuture.supplyAsync(() -> call.apply(this), executor);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Conversation other && engine == other.engine && groupId.equals(other.groupId);
    }

    @Override
    public int hashCode() {
        return groupId.hashCode();
    }

    @Override
    public String toString() {
        return "Conversation[" + groupId + "]";
    }
}
