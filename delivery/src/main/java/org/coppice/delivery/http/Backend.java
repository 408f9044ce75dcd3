package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;

/**
 * What the HTTP front needs of the service behind it. Calls come on many threads at once and may block; a thread waits for each.
 *
 * <p>What may be asked without a token is here, everything else in the {@link DeliverySession} that a token opens.
 */
public interface Backend {
    /**
     * Something to sign, for one login, registration or consent, at any node.
     *
     * @param origin the address that the request comes from, as well as the front can tell; strangers are limited by it
     * @throws DeliveryException {@link ProblemKind#OVER_LIMIT} if that is too much from there
     */
    Challenge challenge(String origin) throws DeliveryException, IOException;

    /**
     * Logs a registered client in.
     *
     * @param origin as in {@link #challenge}
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if the proof is not one: unknown client, used or expired challenge,
     *     other
     *     audience, wrong signature. Which of these it is, is not told
     */
    Grant login(Proof proof, String origin) throws DeliveryException, IOException;

    /**
     * Registers a client and logs it in.
     *
     * @param proof by the key that is to be registered
     * @param voucher the word of a client of the same user, for a further one
     * @param origin as in {@link #challenge}
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} as in {@link #login}; {@link ProblemKind#NOT_ALLOWED} if the policy
     *     forbids it; {@link ProblemKind#REFUSED} if the credential does not name the client, or the voucher does not hold
     */
    Grant register(Proof proof, Optional<Voucher> voucher, String origin) throws DeliveryException, IOException;

    /**
     * Opens the session that a token stands for; the front closes it after each request, or with the stream that it served.
     *
     * @param origin as in {@link #challenge}
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if it stands for none, or no longer;
     *     {@link ProblemKind#OVER_LIMIT} if too many such came from there
     */
    Session open(String token, String origin) throws DeliveryException, IOException;

    /** The authentication service, if there is one; asked once, before the first request. */
    default Optional<AuthorityBackend> authority() {
        return Optional.empty();
    }

    /**
     * Returns if somebody is the operator.
     *
     * @param token what shows it
     * @param origin as in {@link #challenge}
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if not, or if there is none
     */
    default void requireOperator(String token, String origin) throws DeliveryException {
        throw Problem.of(ProblemKind.UNAUTHENTICATED, "there is no operator here")
                .asException();
    }

    /**
     * Gives a user's name back, by the operator's will.
     *
     * @return the clients that had it
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_CLIENT} if nobody has the name
     */
    default List<ClientId> release(UserName user) throws DeliveryException, IOException {
        throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "no names are kept here").asException();
    }

    /**
     * Asks the engine for the least that shows that it works: it answers, its tables are in place, and it takes writes.
     *
     * @throws IOException if it does not, with a message for the operator
     */
    void check() throws IOException;

    /**
     * A challenge.
     *
     * @param challenge the bytes to sign
     * @param audience the name under which the service knows itself, {@code scheme://authority}; a client signs the name that it
     *     reached the service by, and refuses to go on if that is another one
     * @param expiresMillis when it is too late, in milliseconds since 1970-01-01T00:00:00Z
     */
    record Challenge(Bytes challenge, String audience, long expiresMillis) {}

    /**
     * What proves to be a client: the fields of {@link org.coppice.delivery.api.LoginStatement} and the signature over it.
     *
     * @param client who wants in
     * @param credential the credential and the key that signed
     * @param audience the service that the client believes to talk to; if not given, the service tries the names that it has
     * @param challenge what was signed
     * @param signature the signature
     */
    record Proof(
            ClientId client,
            RegisteredCredential credential,
            Optional<String> audience,
            Bytes challenge,
            Bytes signature) {}

    /**
     * A token.
     *
     * @param token the token, of the characters that RFC 6750 allows
     * @param expiresMillis when it ends, in milliseconds since 1970-01-01T00:00:00Z
     */
    record Grant(String token, long expiresMillis) {
        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Grant[expiresMillis=" + expiresMillis + "]";
        }
    }

    /**
     * An open session.
     *
     * @param session the session
     * @param expiresMillis when its token ends; streams end then
     */
    record Session(DeliverySession session, long expiresMillis) {}
}
