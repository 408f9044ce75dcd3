package org.coppice.client.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.coppice.client.model.ClientEvent.KeyPackagesRefused;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.tree.LeafNodeSource;

/** Keeps the service in stock of key packages, and their private keys here until they are used or over (RFC 9750 §5.1). */
final class KeyPackages {
    private static final int VERSION = 1;
    private static final Bytes PUBLICATION =
            Bytes.wrap("publication".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final Account account;
    private final Connection connection;

    KeyPackages(Account account, Connection connection) {
        this.account = account;
        this.connection = connection;
    }

    /**
     * A key package of this client.
     *
     * @param retiredAt when it was replaced as the last resort, by another or with the signature key, in milliseconds; 0 if it was not
     */
    record Kept(KeyPackageBundle bundle, long retiredAt) implements AutoCloseable {
        @Override
        public void close() {
            bundle.close();
        }
    }

    /** The packages of this client that a Welcome is for; the caller closes them. */
    List<KeyPackageBundle> forWelcome(Unit unit, Welcome welcome) {
        List<KeyPackageBundle> out = new ArrayList<>();
        for (Welcome.EncryptedGroupSecrets secrets : welcome.secrets()) {
            // One that cannot be read is as good as none; it is deleted by mend.
            Damage.isReadable(() -> unit.records()
                    .get(Spaces.KEY_PACKAGES, secrets.newMember())
                    .ifPresent(stored -> out.add(decode(stored).bundle())));
        }
        return out;
    }

    /** Deletes packages that cannot be read, if there are any: then this client joins with others, or comes in by itself. */
    private void mend() {
        if (Damage.isReadable(this::readAll)) {
            return;
        }
        try (Unit unit = account.begin()) {
            int lost = unit.records().deleteDamaged(Spaces.KEY_PACKAGES).size();
            for (StoreTransaction.Stored stored : unit.records().all(Spaces.KEY_PACKAGES)) {
                if (!Damage.isReadable(() -> decode(stored.value()).close())) {
                    unit.records().delete(Spaces.KEY_PACKAGES, stored.key());
                    lost++;
                }
            }
            unit.tell(new RecordsLost(Bytes.EMPTY, RecordsLost.Kind.KEY_PACKAGES, lost));
            unit.commit();
        }
    }

    private void readAll() {
        try (Unit unit = account.begin()) {
            signatureKeys(unit);
        }
    }

    /** The signature keys in the packages of this client. */
    Set<SignaturePublicKey> signatureKeys(Unit unit) {
        Set<SignaturePublicKey> out = new HashSet<>();
        for (StoreTransaction.Stored stored : unit.records().all(Spaces.KEY_PACKAGES)) {
            try (Kept kept = decode(stored.value())) {
                out.add(signatureKey(kept));
            }
        }
        return out;
    }

    private static SignaturePublicKey signatureKey(Kept kept) {
        return kept.bundle().keyPackage().leafNode().signatureKey();
    }

    /** Deletes a package that was used; one of last resort stays. */
    void used(Unit unit, KeyPackageBundle bundle) {
        if (!bundle.keyPackage().isLastResort()) {
            unit.records()
                    .delete(
                            Spaces.KEY_PACKAGES,
                            bundle.keyPackage()
                                    .ref(account.identities().present().crypto()));
        }
    }

    /** Finishes a publication that is under way, then publishes what is missing. */
    void replenish() throws DeliveryException, IOException {
        mend();
        publish(Optional.empty());
        CipherSuite suite = account.identities().present().suite();
        Stock.OfSuite stock =
                connection.ask(session -> session.keyPackageStock()).of(suite);
        int low = account.environment().parameters().keyPackagesLow();
        int missing =
                stock.ordinary() > low ? 0 : account.environment().parameters().keyPackages() - stock.ordinary();
        long oldest = account.now()
                - account.environment().parameters().lastResortAge().toMillis();
        boolean lastResort = stock.lastResort().isEmpty()
                || stock.lastResort().get().uses() > 0
                || stock.lastResort().get().publishedMillis() < oldest;
        if (missing > 0 || lastResort) {
            RequestId prepared;
            try {
                prepared = prepare(missing, lastResort);
            } catch (CryptoException e) {
                throw new IOException("the signer did not sign a key package", e);
            }
            publish(Optional.of(prepared));
        }
    }

    /** Keeps new key packages, and their publication, to be sent; returns its request id. */
    private RequestId prepare(int ordinary, boolean lastResort) throws CryptoException {
        MlsClient client = account.groups().client(account.identities().present());
        try (Unit unit = account.begin()) {
            List<MlsMessage> messages = new ArrayList<>();
            for (int i = 0; i < ordinary; i++) {
                try (KeyPackageBundle bundle = client.generateKeyPackage()) {
                    put(unit, bundle, 0);
                    messages.add(bundle.message());
                }
            }
            Optional<MlsMessage> last = Optional.empty();
            if (lastResort) {
                try (KeyPackageBundle bundle = client.generateLastResortKeyPackage()) {
                    put(unit, bundle, 0);
                    last = Optional.of(bundle.message());
                }
            }
            RequestId request = RequestId.random(account.environment().randomness());
            byte[] publication = new TlsWriter(4096)
                    .struct(new Publication(request, messages, last))
                    .finish();
            unit.records().put(Spaces.ACCOUNT, PUBLICATION, publication);
            unit.commit();
            return request;
        }
    }

    /** Notes of all last-resort packages but {@code present} that they are replaced now. */
    private void retire(Unit unit, KeyPackage present) {
        for (StoreTransaction.Stored stored : unit.records().all(Spaces.KEY_PACKAGES)) {
            try (Kept kept = decode(stored.value())) {
                KeyPackage other = kept.bundle().keyPackage();
                if (other.isLastResort() && kept.retiredAt() == 0 && !other.equals(present)) {
                    put(unit, kept.bundle(), account.now());
                }
            }
        }
    }

    /**
     * Deletes what is over, whether others are needed now or not: this bounds how long an init key lives (RFC 9750 §5.1).
     *
     * <p>That a key package is given out no more does not say that nobody has it: who claimed it before may make the Welcome as long as
     * it is valid. So an ordinary one, which opens one Welcome, stays until then, be it of a former signature key or not. One of last
     * resort opens all that were made with it, so it goes some time after it was replaced; who is added by it later than that rejoins.
     *
     * @param now from when on no Welcome was left in the inbox, in milliseconds: one that waits has its keys, however long it waited
     */
    void prune(long now) {
        long grace = account.environment().parameters().lastResortGrace().toMillis();
        SignaturePublicKey present = account.identities().present().signer().publicKey();
        boolean changed = false;
        try (Unit unit = account.begin()) {
            for (StoreTransaction.Stored stored : unit.records().all(Spaces.KEY_PACKAGES)) {
                try (Kept kept = decode(stored.value())) {
                    boolean lastResort = kept.bundle().keyPackage().isLastResort();
                    boolean replaced = lastResort && kept.retiredAt() != 0 && now > kept.retiredAt() + grace;
                    if (replaced || isOver(kept.bundle(), now / 1000)) {
                        unit.records().delete(Spaces.KEY_PACKAGES, stored.key());
                        changed = true;
                    } else if (lastResort
                            && kept.retiredAt() == 0
                            && !signatureKey(kept).equals(present)) {
                        put(unit, kept.bundle(), now);
                        changed = true;
                    }
                }
            }
            if (changed) {
                unit.commit();
            }
        }
    }

    private static boolean isOver(KeyPackageBundle bundle, long nowSeconds) {
        return bundle.keyPackage().leafNode().source() instanceof LeafNodeSource.KeyPackage source
                && Long.compareUnsigned(source.lifetime().notAfter(), nowSeconds) < 0;
    }

    private void put(Unit unit, KeyPackageBundle bundle, long retiredAt) {
        try (Secret encoded = bundle.encode();
                SecretWriter out = new SecretWriter(2048)) {
            out.uint8(VERSION).uint64(retiredAt);
            encoded.exposeTo(out);
            unit.records()
                    .put(
                            Spaces.KEY_PACKAGES,
                            bundle.keyPackage()
                                    .ref(account.identities().present().crypto()),
                            out.toByteArray());
        }
    }

    private static Kept decode(byte[] stored) {
        TlsReader in = new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT);
        try {
            int version = in.uint8();
            if (version != VERSION) {
                throw new StoreException(StoreException.Reason.UNKNOWN_VERSION, "a key package of version " + version);
            }
            long retiredAt = in.uint64();
            try (Secret encoded = Secret.decode(in)) {
                in.expectEnd();
                return new Kept(KeyPackageBundle.decode(encoded), retiredAt);
            }
        } catch (DecodeException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "a key package cannot be read", e);
        }
    }

    /**
     * Sends the publication that is under way, if there is one.
     *
     * @param prepared the id of the one that was made just now. If it is refused, nobody can ever use its packages; of one that was sent
     *     before, the service may have forgotten that it took it.
     */
    private void publish(Optional<RequestId> prepared) throws DeliveryException, IOException {
        Optional<Publication> stored;
        try (Unit unit = account.begin()) {
            stored = unit.records().get(Spaces.ACCOUNT, PUBLICATION).map(Publication::decode);
        } catch (StoreException e) {
            Damage.require(e);
            account.giveUp(PUBLICATION, RecordsLost.Kind.PUBLICATION);
            return;
        }
        if (stored.isEmpty()) {
            return;
        }
        Publication present = stored.get();
        Optional<Problem> refusal = handIn(present);
        try (Unit unit = account.begin()) {
            unit.records().delete(Spaces.ACCOUNT, PUBLICATION);
            if (refusal.isEmpty()) {
                present.lastResort().flatMap(MlsMessage::keyPackage).ifPresent(last -> retire(unit, last));
            } else if (prepared.equals(Optional.of(present.request()))) {
                Stream.concat(present.messages().stream(), present.lastResort().stream())
                        .flatMap(message -> message.keyPackage().stream())
                        .forEach(refused -> unit.records().delete(Spaces.KEY_PACKAGES, ref(refused)));
                unit.tell(new KeyPackagesRefused(refusal.get()));
            }
            unit.commit();
        }
    }

    private Bytes ref(KeyPackage keyPackage) {
        return keyPackage.ref(account.identities().present().crypto());
    }

    /** Hands packages in; says why if the service refuses them for good, for example because the credential changed meanwhile. */
    private Optional<Problem> handIn(Publication publication) throws DeliveryException, IOException {
        try {
            connection.ask(session -> session.publishKeyPackages(
                    publication.request(), publication.messages(), publication.lastResort()));
            return Optional.empty();
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                throw e;
            }
            return Optional.of(e.problem());
        }
    }

    /** Packages that are to be published. */
    private record Publication(RequestId request, List<MlsMessage> messages, Optional<MlsMessage> lastResort)
            implements Encodable {
        static Publication decode(byte[] stored) {
            Decoder<Publication> decoder = in -> {
                int version = in.uint8();
                if (version != VERSION) {
                    throw new StoreException(
                            StoreException.Reason.UNKNOWN_VERSION, "a publication of version " + version);
                }
                return new Publication(
                        RequestId.decode(in), in.list(KeyPackages::message), in.optional(KeyPackages::message));
            };
            try {
                return decoder.decodeAll(Bytes.wrap(stored), DecodeLimits.DEFAULT);
            } catch (DecodeException e) {
                throw new StoreException(StoreException.Reason.DAMAGED, "a publication cannot be read", e);
            }
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(VERSION).struct(request);
            int mark = out.open();
            messages.forEach(message -> out.vector(message.encoded()));
            out.close(mark);
            out.uint8(lastResort.isPresent() ? 1 : 0);
            lastResort.ifPresent(message -> out.vector(message.encoded()));
        }
    }

    private static MlsMessage message(TlsReader in) throws DecodeException {
        return MlsMessage.decode(in.vector(), in.limits());
    }
}
