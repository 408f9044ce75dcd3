package org.coppice.delivery.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/**
 * All that one authenticated client may ask of a delivery service. The service implements it in process, the SDK over HTTP.
 *
 * <p><b>Failures.</b> A {@link DeliveryException} is an answer: the request changed nothing. Beside the kinds that a method names, every
 * method may throw {@link ProblemKind#UNAUTHENTICATED}, {@link ProblemKind#OVER_LIMIT}, {@link ProblemKind#TOO_LARGE},
 * {@link ProblemKind#OUT_OF_STORAGE} and {@link ProblemKind#UNAVAILABLE}. An {@link IOException} means that there was no answer; a read
 * can be asked again, and so can a write.
 *
 * <p><b>Writes</b> take a {@link RequestId}. The service does a write once: to the same request again it gives the first answer, and
 * {@link ProblemKind#REQUEST_ID_REUSED} to another request with the same id. Answers are kept for at least a day.
 *
 * <p><b>Waiting.</b> A read with a positive {@code wait} that finds nothing waits for something, at most that long (the service may cut
 * it short), and then returns what is there. An interrupted thread gets an {@link java.io.InterruptedIOException}.
 *
 * <p>Thread safe. {@code DeliveryContract} of coppice-client-testkit tests an implementation.
 */
public interface DeliverySession extends AutoCloseable {
    /** Whose session this is. */
    ClientId self();

    /**
     * Publishes key packages by which others can add this client.
     *
     * @param keyPackages to be given out once each
     * @param lastResort marked as such; replaces the one for the same suite
     * @return the stock afterwards
     * @throws DeliveryException {@link ProblemKind#REFUSED} if one is invalid, expired, not of the registered credential, repeats an
     *     init key, or would exceed the stock that one client may have
     */
    Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException;

    /** What this client has left to be claimed. */
    Stock keyPackageStock() throws DeliveryException, IOException;

    /**
     * The clients of a user, sorted.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if there is none
     */
    List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException;

    /**
     * Takes one key package of each client that is meant. No two claims ever get the same one, unless it is a last resort, which is
     * given only when there is no other.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if there is no such user or client
     */
    ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException, IOException;

    /**
     * Makes {@code credential} the one for its cipher suite. The key packages of the one that it replaces are dropped.
     *
     * @param proof the signature of {@link CredentialStatement} by the new key
     * @param consent the signature of {@link ConsentStatement#to} by a key that this client has in force, for any suite
     * @throws DeliveryException {@link ProblemKind#REFUSED} if one of the signatures does not verify or the credential does not name this
     *     client; {@link ProblemKind#UNKNOWN_CLIENT} if this client is not registered, and so has nothing to replace
     */
    void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException, IOException;

    /**
     * Ends all logins of this client, at every node: tokens that it has got are worth nothing any more, whoever holds them, and its streams
     * and reads that wait end. It can log in again. May be repeated.
     */
    void logOut() throws DeliveryException, IOException;

    /**
     * Ends the registration of a client of this user: itself, or another one, such as one that was lost. Its logins end, and its
     * credentials, key packages and waiting Welcomes are deleted; nobody can invite it. In its groups it stays a member until somebody
     * removes it. The user keeps its name even without a client: nobody else can take it. Where a session needs a token, the repetition
     * of a client that has unregistered itself is refused with {@link ProblemKind#UNAUTHENTICATED}: it cannot log in any more.
     *
     * @param client this client, or one of the same user
     * @param consent the signature of {@link ConsentStatement#toUnregister} by a key that this client has in force
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if it is not registered; {@link ProblemKind#NOT_ALLOWED} if it is of
     *     another user; {@link ProblemKind#REFUSED} if the signature does not verify
     */
    void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException, IOException;

    /**
     * Creates a group at the service, of which this client is a member.
     *
     * @param groupInfo a GroupInfo of its present epoch
     * @param ratchetTree its tree, encoded as in the ratchet_tree extension, if the GroupInfo does not carry it
     * @throws DeliveryException {@link ProblemKind#DUPLICATE_GROUP} if there is a group of this id; {@link ProblemKind#REFUSED} if a
     *     check of RFC 9420 §12.4.3 fails, or this client is not in the tree
     */
    Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException, IOException;

    /**
     * Appends a Commit, if the group is still in the epoch that it ends, and with it stores the GroupInfo and delivers the Welcome. An
     * outsider whom the group's policy lets in joins by this with an external Commit.
     *
     * @throws DeliveryException {@link ProblemKind#STALE_EPOCH} if another Commit was first; {@link ProblemKind#UNKNOWN_GROUP};
     *     {@link ProblemKind#NOT_ALLOWED} if policy forbids it; {@link ProblemKind#REFUSED} if the members would refuse it
     */
    Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException, IOException;

    /**
     * Appends a proposal of the present epoch, or an application message of it or of one just past.
     *
     * @throws DeliveryException {@link ProblemKind#STALE_EPOCH} for an epoch that is no longer, or not yet, taken;
     *     {@link ProblemKind#UNKNOWN_GROUP}; {@link ProblemKind#NOT_ALLOWED} if policy forbids it; {@link ProblemKind#REFUSED} if the
     *     members would refuse it
     */
    Appended send(RequestId id, MlsMessage message) throws DeliveryException, IOException;

    /**
     * Reads a group's log. One who left reads up to the Commit that removed it; one who joined, from the Commit that added it.
     *
     * @param after the last entry that the reader has, 0 for none
     * @param limit how many entries at most; the service may give fewer
     * @param wait how long to wait for an entry if there is none
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP}; {@link ProblemKind#GONE} if the entry after {@code after} is kept no
     *     longer
     */
    LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException, IOException;

    /**
     * The GroupInfo of the group's present epoch, for an external join.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP} also for those whom policy does not let in;
     *     {@link ProblemKind#NOT_ALLOWED} for a former member whom it does not let in; {@link ProblemKind#UNKNOWN} if the last
     *     committer published none
     */
    MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException;

    /**
     * The ratchet tree of an epoch, encoded as in the ratchet_tree extension.
     *
     * @param epoch the present one, or one that is still kept
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP}; {@link ProblemKind#UNKNOWN} for an epoch that there never was;
     *     {@link ProblemKind#GONE} for one that is kept no longer
     */
    Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException, IOException;

    /** How the service treats a group; throws {@link ProblemKind#UNKNOWN_GROUP}. */
    GroupSettings settings(Bytes groupId) throws DeliveryException, IOException;

    /**
     * Changes how the service treats a group.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP}; {@link ProblemKind#NOT_ALLOWED} if this client is no member now;
     *     {@link ProblemKind#REFUSED} if it would change the handshake policy
     */
    void changeSettings(RequestId id, Bytes groupId, GroupSettings settings) throws DeliveryException, IOException;

    /**
     * Reports an entry that this client cannot process.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP}; {@link ProblemKind#UNKNOWN} if there is no such entry that this client
     *     may read
     */
    void report(RequestId id, CannotProcess report) throws DeliveryException, IOException;

    /**
     * The Welcomes of this client after {@code after}, in order.
     *
     * @param after the last entry that the reader has, 0 for none
     * @param limit how many at most; the service may give fewer
     * @param wait how long to wait for one if there is none
     */
    List<InboxEntry> inbox(long after, int limit, Duration wait) throws DeliveryException, IOException;

    /** Forgets all Welcomes up to {@code upTo}. May be repeated. */
    void acknowledgeInbox(long upTo) throws DeliveryException, IOException;

    /** What a write of this client had for an answer, if it took effect and the answer is still kept. */
    Optional<Outcome> outcome(RequestId id) throws DeliveryException, IOException;

    /** The groups that this client may read, by their ids. */
    List<GroupHead> groups() throws DeliveryException, IOException;

    /**
     * Begins a stream of hints. First come the groups and the inbox that moved since {@code lastEventId}, or all of them.
     *
     * @param lastEventId the last event id that a former subscription gave
     */
    Subscription subscribe(HintListener listener, Optional<String> lastEventId) throws DeliveryException, IOException;

    /** Ends the session; reads that wait end, subscriptions too. Closing again does nothing. */
    @Override
    void close();
}
