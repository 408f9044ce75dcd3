package org.coppice.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.coppice.client.engine.Engine;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Connector;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStore;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.CryptoException;

/**
 * One client, that is one device of a user: its conversations, and what keeps them going.
 *
 * <p>Whatever is asked for is written to the store first and kept until it is done, through crashes, lost races and lost answers. Calls
 * work on the calling thread (a virtual one will do) and talk to the service if it can be reached; if not, they return with a receipt
 * that says so, and {@link #sync}, a later call, or {@link #background} goes on from there. Nothing here waits for another client.
 *
 * <p>Every method may throw {@link org.coppice.client.store.StoreException} if the store fails; the call then had no effect. Thread
 * safe.
 */
public final class CoppiceClient implements AutoCloseable {
    private final Engine engine;

    private CoppiceClient(Engine engine) {
        this.engine = engine;
    }

    /** Whether a store holds a client, so that it is to be opened and not created. */
    public static boolean exists(ClientStore store) {
        return Engine.holdsClient(store);
    }

    /**
     * A new client with an identity of its own.
     *
     * @param store is this object's from now on
     * @param connector opens sessions at the service, which must know the identity when the first one is opened
     * @throws IllegalStateException if the store holds a client
     */
    public static CoppiceClient create(
            ClientStore store, Identity identity, ClientEnvironment environment, Connector connector) {
        return new CoppiceClient(Engine.create(store, identity, environment, connector));
    }

    /**
     * The client that a store holds; the service need not be within reach.
     *
     * @param store is this object's from now on
     * @param signers of this client's signature keys that are kept outside of the store: the present one, and a former one for as long
     *     as a conversation still has it ({@link Conversation#members}), or may get it by a key package of before, that is for 90 days
     *     after it was replaced; without it, that conversation can only be read
     * @throws IllegalArgumentException if the signer of the present key is missing
     */
    public static CoppiceClient open(
            ClientStore store, ClientEnvironment environment, Connector connector, Signer... signers) {
        return new CoppiceClient(Engine.open(store, environment, connector, List.of(signers)));
    }

    /** Which client this is. */
    public ClientId id() {
        return engine.identity().client();
    }

    /** Who this client is: its credential and key. */
    public Identity identity() {
        return engine.identity();
    }

    // ---- conversations

    /** Creates a conversation of this name with the default options. */
    public Conversation createConversation(String name) {
        return createConversation(ConversationOptions.named(name));
    }

    /**
     * Creates a conversation with this client as its only member. If the service cannot be reached, it learns of the conversation
     * later, before anything else that is asked of it.
     */
    public Conversation createConversation(ConversationOptions options) {
        Conversation out = new Conversation(engine, engine.create(options));
        out.tryToSync();
        return out;
    }

    /** All conversations that this client is or was in, in no order. */
    public List<Conversation> conversations() {
        return engine.conversations().stream()
                .map(id -> new Conversation(engine, id))
                .toList();
    }

    /** The conversation of an id, if this client is or was in one. */
    public Optional<Conversation> conversation(Bytes groupId) {
        return engine.view(groupId).map(view -> new Conversation(engine, groupId));
    }

    /** The clients of a user, as the service knows them. */
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        return engine.clientsOf(user);
    }

    // ---- keeping up

    /**
     * Does all that there is to do: sends what waits, joins conversations that this client was added to, reads what is new, keeps the
     * service in stock of key packages, refreshes keys that are due. A conversation whose records are damaged is passed over, and told
     * as {@link org.coppice.client.model.ConversationStatus#DAMAGED}.
     *
     * @throws DeliveryException if the service refuses to work for this client, now or at all; what was done until then stays done
     * @throws IOException if the service cannot be reached; what was done until then stays done
     */
    public void sync() throws DeliveryException, IOException {
        engine.sync();
    }

    /**
     * Tells {@code listener} what happens, after it was stored, one event at a time, on the thread that brought it about. It may call
     * this client. What happened while nobody listened is in the history. An unchecked exception that it throws goes to that thread's
     * {@link Thread.UncaughtExceptionHandler} and has no other effect: the other listeners are told, and so is this one of what follows.
     */
    public void listen(Consumer<ClientEvent> listener) {
        engine.events().listen(listener);
    }

    /** Ends what {@link #listen} began. */
    public void unlisten(Consumer<ClientEvent> listener) {
        engine.events().unlisten(listener);
    }

    /**
     * Keeps this client up to date until it, or what is returned, is closed: follows the service's hints, reads when there is something,
     * tries again when the service was away or the store failed, and says why in {@link BackgroundSync#trouble}.
     *
     * @param executor runs one task for as long as that takes: a thread of its own, which may be a virtual one
     */
    public BackgroundSync background(Executor executor) {
        BackgroundSync out = new BackgroundSync(engine);
        executor.execute(out);
        return out;
    }

    // ---- identity and recovery

    /**
     * Replaces the signature key by a new one with a basic credential; conversations get it with this client's next Commits.
     *
     * @throws CryptoException if the provider lacks the suite
     * @throws IllegalStateException if the key is kept outside of the store, or the credential is not a basic one: then
     *     {@link #rotateCredential} takes the next of its kind
     */
    public void rotateKey() throws CryptoException {
        if (engine.identity().keys().isEmpty() || !(engine.identity().credential() instanceof Credential.Basic)) {
            throw new IllegalStateException(
                    "the key is kept elsewhere, or the credential is not a basic one: make the next, and call rotateCredential");
        }
        CipherSuite suite = engine.identity().suite();
        rotateCredential(Identity.generate(engine.environment(), suite, id()));
    }

    /**
     * Replaces the credential, for example by one that a certification authority renewed. {@link #sync} tells the service and then the
     * conversations. The present key signs for the service that it agrees: who has lost it comes back otherwise (docs/AUTHENTICATION.md).
     *
     * @param next of the same client and suite
     * @throws IllegalStateException if a replacement is under way
     */
    public void rotateCredential(Identity next) {
        engine.rotate(next);
    }

    /**
     * Groups that count this client for a member, but which it knows nothing of, as its store is new or damaged, or cannot follow.
     * {@link #rejoin} brings it back.
     */
    public List<Bytes> recoverable() throws DeliveryException, IOException {
        return engine.recoverable();
    }

    /**
     * Takes this client's place in a group again, without the messages that were missed. That trusts the service to show the present
     * group: compare {@link Conversation#epochAuthenticator} with a member where that matters (RFC 9750 §5.3).
     */
    public Conversation rejoin(Bytes groupId) throws DeliveryException, IOException {
        engine.rejoin(groupId);
        engine.sync(groupId);
        return new Conversation(engine, groupId);
    }

    /** Ends the session, wipes keys in memory and closes the store. Closing twice does nothing. */
    @Override
    public void close() {
        engine.close();
    }
}
