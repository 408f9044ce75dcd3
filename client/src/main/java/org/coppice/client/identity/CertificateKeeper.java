package org.coppice.client.identity;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.CryptoException;

/**
 * What a client with a certificate does from time to time: fetches the revocation list, and renews its certificate, with a new key, after
 * two thirds of its time. The new identity is handed to the client, which tells the service and then each conversation.
 *
 * <pre>{@code
 * CertificateKeeper keeper = new CertificateKeeper(environment, authority, anchor, list,
 *         client::identity, client::rotateCredential);
 * keeper.keep();
 * client.sync();
 * }</pre>
 *
 * <p>Thread safe.
 */
public final class CertificateKeeper {
    private final ClientEnvironment environment;
    private final AuthorityService authority;
    private final Anchor anchor;
    private final RevocationList list;
    private final Supplier<Identity> present;
    private final Consumer<Identity> rotate;
    private final ReentrantLock lock = new ReentrantLock();
    /** The key whose certificate was renewed last, until the client has changed over. */
    private SignaturePublicKey renewed;

    /**
     * @param present who the client is
     * @param rotate replaces the client's credential; throws {@link IllegalStateException} if a replacement is under way
     */
    public CertificateKeeper(
            ClientEnvironment environment,
            AuthorityService authority,
            Anchor anchor,
            RevocationList list,
            Supplier<Identity> present,
            Consumer<Identity> rotate) {
        this.environment = Objects.requireNonNull(environment, "environment");
        this.authority = Objects.requireNonNull(authority, "authority");
        this.anchor = Objects.requireNonNull(anchor, "anchor");
        this.list = Objects.requireNonNull(list, "list");
        this.present = Objects.requireNonNull(present, "present");
        this.rotate = Objects.requireNonNull(rotate, "rotate");
    }

    /**
     * Does what is due.
     *
     * @return whether a new identity was handed over
     * @throws DeliveryException if the service refuses
     * @throws IOException if it cannot be reached, or gives what is not its own
     */
    public boolean keep() throws DeliveryException, IOException {
        lock.lock();
        try {
            return keepLocked();
        } finally {
            lock.unlock();
        }
    }

    private boolean keepLocked() throws DeliveryException, IOException {
        refreshList();
        Identity identity = present.get();
        if (!isDue(identity) || identity.signer().publicKey().equals(renewed)) {
            return false;
        }
        if (identity.keys().isEmpty()) {
            throw new IllegalStateException(
                    "the key is kept elsewhere: make the next one there, and call renew with it");
        }
        try {
            return renewLocked(Enrolment.begin(environment, identity.suite(), identity.client()));
        } catch (CryptoException e) {
            throw new AssertionError("the client works with this suite", e);
        }
    }

    /**
     * Renews the certificate now, such as after its key may have leaked, or for a key that is kept elsewhere.
     *
     * @param next of the same client and suite
     * @return whether the new identity was handed over; not if a replacement is under way
     */
    public boolean renew(Enrolment next) throws DeliveryException, IOException {
        lock.lock();
        try {
            return renewLocked(next);
        } finally {
            lock.unlock();
        }
    }

    private boolean renewLocked(Enrolment next) throws DeliveryException, IOException {
        Identity identity = present.get();
        Identity made = next.asRenewal(authority, anchor, identity);
        try {
            rotate.accept(made);
        } catch (IllegalStateException underWay) {
            return false;
        }
        renewed = identity.signer().publicKey();
        return true;
    }

    /** Fetches the revocation list; a list that is refused leaves the one held in place. */
    public void refreshList() throws DeliveryException, IOException {
        try {
            list.accept(authority.revocationList(), environment.clock().instant());
        } catch (RevocationList.RefusedListException e) {
            throw new IOException("the service gave no acceptable revocation list: " + e.getMessage(), e);
        }
    }

    /** Whether a certificate has used up two thirds of its time; not if the identity has none. */
    private boolean isDue(Identity identity) {
        return dueAt(identity)
                .filter(due -> !due.isAfter(environment.clock().instant()))
                .isPresent();
    }

    /** When the certificate of an identity is to be renewed; empty if it has none. */
    public static Optional<Instant> dueAt(Identity identity) {
        return CertifiedMembers.chain(identity.credential()).map(chain -> {
            X509Certificate own = chain.get(0);
            Instant begin = own.getNotBefore().toInstant();
            Duration lifetime = Duration.between(begin, own.getNotAfter().toInstant());
            return begin.plus(lifetime.multipliedBy(2).dividedBy(3));
        });
    }
}
