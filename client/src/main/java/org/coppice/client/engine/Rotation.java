package org.coppice.client.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.model.Identity;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;

/**
 * Replaces the client's credential: first it is kept, then the service is told, then it is the present one, and then every conversation
 * gets it with the next own Commit. {@link FormerKeys} deletes the old key once no group knows it any more.
 */
final class Rotation {
    private static final Bytes RECORD = Bytes.wrap(new byte[] {'r'});

    private final Account account;
    private final Connection connection;

    Rotation(Account account, Connection connection) {
        this.account = account;
        this.connection = connection;
    }

    void begin(Identity next) {
        try (Unit unit = account.begin()) {
            if (isUnderWay(unit)) {
                throw new IllegalStateException("a credential is being replaced already");
            }
            account.identities().add(unit.records(), next);
            unit.records()
                    .put(
                            Spaces.ACCOUNT,
                            RECORD,
                            new TlsWriter()
                                    .struct(RequestId.random(
                                            account.environment().randomness()))
                                    .struct(next.signer().publicKey())
                                    .finish());
            unit.commit();
        }
    }

    /** Whether a replacement is not finished. */
    static boolean isUnderWay(Unit unit) {
        return Damage.isThere(unit, Spaces.ACCOUNT, RECORD);
    }

    /** The replacement that is under way. */
    private record Pending(RequestId request, Identity next) {}

    private Optional<Pending> pending() {
        try (Unit unit = account.begin()) {
            Optional<byte[]> stored = unit.records().get(Spaces.ACCOUNT, RECORD);
            if (stored.isEmpty()) {
                return Optional.empty();
            }
            TlsReader in = new TlsReader(Bytes.wrap(stored.get()), DecodeLimits.DEFAULT);
            RequestId request = RequestId.decode(in);
            SignaturePublicKey key = SignaturePublicKey.decode(in);
            in.expectEnd();
            Identity next = account.identities()
                    .of(key)
                    .orElseThrow(
                            () -> new StoreException(StoreException.Reason.DAMAGED, "the next identity is missing"));
            return Optional.of(new Pending(request, next));
        } catch (DecodeException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "a replacement cannot be read", e);
        }
    }

    /** Finishes a replacement that is under way, if there is one. */
    void finish() throws DeliveryException, IOException {
        Optional<Pending> pending;
        try {
            pending = pending();
        } catch (StoreException e) {
            Damage.require(e);
            endDamaged();
            return;
        }
        if (pending.isEmpty()) {
            return;
        }
        try {
            replace(pending.get());
        } catch (DeliveryException e) {
            if (e.kind() == ProblemKind.UNAUTHENTICATED) {
                // The service knows the new key already: the answer was lost.
                connection.loginAs(pending.get().next());
                replace(pending.get());
            } else {
                if (!Problems.isTemporary(e)) {
                    end(Optional.empty());
                }
                throw e;
            }
        }
        end(Optional.of(pending.get().next()));
    }

    /**
     * What was under way cannot be read, and nobody here knows any more whether the service has taken the new key; but the service does.
     * The record goes only once it has said so, as without it nothing would look for the new key again.
     */
    private void endDamaged() throws DeliveryException, IOException {
        Optional<Identity> known = knownToService();
        if (known.isEmpty()) {
            throw new Problem(
                            ProblemKind.UNAUTHENTICATED,
                            "the service has taken a new key of this client, which its store has lost",
                            Optional.of(Identity.KEY_LOST),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty())
                    .asException();
        }
        if (known.get().equals(account.identities().present())) {
            account.giveUp(RECORD, RecordsLost.Kind.ROTATION);
        } else {
            end(known);
        }
    }

    /** The identity by which the service knows this client, if it is one of those that the store has. */
    private Optional<Identity> knownToService() throws DeliveryException, IOException {
        Identity present = account.identities().present();
        List<Identity> candidates = new ArrayList<>(List.of(present));
        account.identities().all().stream()
                .filter(identity -> !identity.equals(present))
                .forEach(candidates::add);
        try {
            for (Identity candidate : candidates) {
                connection.loginAs(candidate);
                if (isKnown()) {
                    return Optional.of(candidate);
                }
            }
            return Optional.empty();
        } finally {
            connection.loginAs(present);
        }
    }

    private boolean isKnown() throws DeliveryException, IOException {
        try {
            connection.ask(DeliverySession::keyPackageStock);
            return true;
        } catch (DeliveryException e) {
            if (e.kind() != ProblemKind.UNAUTHENTICATED) {
                throw e;
            }
            return false;
        } catch (IOException e) {
            if (Problems.isOfAll(e)) {
                throw e;
            }
            // The signer of a former key, which was not handed over.
            return false;
        }
    }

    private void replace(Pending pending) throws DeliveryException, IOException {
        Identity next = pending.next();
        Identity present = account.identities().present();
        CredentialStatement statement = new CredentialStatement(next.client(), pending.request(), next.registered());
        Bytes proof;
        Bytes consent;
        try {
            proof = statement.sign(next.crypto(), next.signer());
            consent = ConsentStatement.to(statement).sign(present.crypto(), present.signer());
        } catch (CryptoException e) {
            throw new IOException("a signer did not sign the replacement of the key", e);
        }
        connection.ask(session -> {
            session.replaceCredential(pending.request(), next.registered(), proof, consent);
            return null;
        });
    }

    private void end(Optional<Identity> now) {
        try (Unit unit = account.begin()) {
            unit.records().delete(Spaces.ACCOUNT, RECORD);
            now.ifPresent(identity -> account.identities().makePresent(unit.records(), identity));
            unit.commit();
            now.ifPresent(account.identities()::presentIs);
        }
        connection.loginAs(account.identities().present());
    }
}
