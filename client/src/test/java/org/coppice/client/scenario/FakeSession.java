package org.coppice.client.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/** One client's session at the fake service. */
public final class FakeSession implements DeliverySession {
    private final FakeService service;
    private final ClientId self;

    /** A session of {@code self}. */
    public FakeSession(FakeService service, ClientId self) {
        this.service = service;
        this.self = self;
    }

    @Override
    public ClientId self() {
        return self;
    }

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException {
        return service.publish(self, id, keyPackages, lastResort);
    }

    @Override
    public Stock keyPackageStock() {
        return service.stock(self);
    }

    @Override
    public List<ClientId> clientsOf(UserName user) {
        return service.clientsOf(new ClaimRequest.OfUser(user));
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException {
        return service.claim(self, id, what);
    }

    @Override
    public void logOut() {
        // Nobody needs a token here.
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) {
        throw new UnsupportedOperationException("no test of the engine unregisters");
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException {
        service.replaceCredential(self, id, credential);
    }

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException {
        return service.create(self, id, groupInfo, ratchetTree, settings);
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException {
        return service.commit(self, id, bundle);
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException {
        return service.send(self, id, message);
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException {
        return service.read(self, groupId, after, limit);
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException {
        return service.groupInfo(groupId);
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException {
        return service.tree(groupId, epoch);
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException {
        return service.settings(groupId);
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException {
        service.report(self, id, report);
    }

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait) {
        return service.inbox(self, after, limit);
    }

    @Override
    public void acknowledgeInbox(long upTo) {
        service.acknowledge(self, upTo);
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) {
        return Optional.empty();
    }

    @Override
    public List<GroupHead> groups() {
        return service.heads(self);
    }

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId) {
        AutoCloseable entry = service.listen(self, listener);
        return () -> {
            try {
                entry.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
