package org.coppice.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.hint.LoginCheck;
import org.coppice.delivery.hint.Topic;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.keypackage.KeyPackages;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.framing.MlsMessage;

/** A client's session with the node itself: counts what is asked, names each write, and passes it on. */
final class LocalSession implements DeliverySession {
    private final ClientId self;
    private final LoginCheck login;
    private final Workshop workshop;
    private final OpenWork open = new OpenWork();

    /** @param login by which the client is there; its streams end with it */
    LocalSession(ClientId self, LoginCheck login, Workshop workshop) {
        this.self = self;
        this.login = login;
        this.workshop = workshop;
    }

    @Override
    public ClientId self() {
        return self;
    }

    private void count() throws DeliveryException {
        open.requireOpen();
        workshop.limits().requests().take(self, 1);
    }

    private Requests.Key key(RequestId id, String operation, Encodable... parts) {
        return new Requests.Key(self, id, Requests.hash(operation, parts));
    }

    private static Encodable list(List<? extends Encodable> values) {
        return out -> out.list(values);
    }

    private static Encodable optional(Optional<? extends Encodable> value) {
        return out -> out.optional(value);
    }

    private static Encodable bytes(Bytes value) {
        return out -> out.vector(value);
    }

    // ---- key packages

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException {
        count();
        Requests.Key key = key(id, "publishKeyPackages", list(keyPackages), optional(lastResort));
        return workshop.keyPackages().publish(key, keyPackages, lastResort);
    }

    @Override
    public Stock keyPackageStock() throws DeliveryException, IOException {
        count();
        return workshop.keyPackages().stock(self);
    }

    @Override
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        count();
        List<ClientId> clients = workshop.engine().read(tx -> ClientTable.clientsOf(tx, user));
        if (clients.isEmpty()) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "there is no such user")
                    .asException();
        }
        return clients;
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException, IOException {
        count();
        workshop.limits().claims().take(self, 1);
        workshop.limits().claimsOfUser().take(new Workshop.Claimed(self, userOf(what.target())), 1);
        return workshop.keyPackages().claim(key(id, "claimKeyPackages", what), what);
    }

    private static UserName userOf(ClaimRequest.Target target) {
        return target instanceof ClaimRequest.OfUser user
                ? user.user()
                : ((ClaimRequest.OfClient) target).client().user();
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException, IOException {
        count();
        Requests.Key key = key(id, "replaceCredential", credential);
        workshop.requests().once(key, () -> {
            CredentialStatement statement = new CredentialStatement(self, id, credential);
            workshop.accounts().checkReplacement(statement, proof);
            RegisteredCredential agreed = workshop.accounts().requireConsent(ConsentStatement.to(statement), consent);
            return workshop.engine().write(tx -> {
                // Holds off publications, which look at the credential first.
                ClientTable.requireLocked(tx, self);
                var former = workshop.accounts().replace(tx, self, credential, agreed);
                if (former.isPresent()) {
                    KeyPackages.dropSignedWith(tx, self, former.get());
                }
                workshop.requests().record(tx, key, Outcome.DONE);
                return Outcome.DONE;
            });
        });
    }

    @Override
    public void logOut() throws DeliveryException, IOException {
        count();
        workshop.accounts().logOut(self);
        workshop.hub().loginsMoved(self);
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException, IOException {
        count();
        Requests.Key key = key(id, "unregister", client);
        if (!client.user().equals(self.user())) {
            throw Problem.of(ProblemKind.NOT_ALLOWED, "the client is another user's")
                    .asException();
        }
        ConsentStatement statement = ConsentStatement.toUnregister(self, id, client);
        workshop.requests().once(key, () -> {
            RegisteredCredential agreed = workshop.accounts().requireConsent(statement, consent);
            return workshop.engine().write(tx -> {
                workshop.accounts().unregister(tx, self, agreed, client);
                KeyPackages.dropAll(tx, client);
                Inbox.dropAll(tx, client);
                workshop.requests().record(tx, key, Outcome.DONE);
                return Outcome.DONE;
            });
        });
        workshop.hub().loginsMoved(client);
    }

    // ---- groups

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException, IOException {
        count();
        Requests.Key key = key(id, "createGroup", groupInfo, optional(ratchetTree.map(LocalSession::bytes)), settings);
        return workshop.groups().creator().create(key, groupInfo, ratchetTree, settings);
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException, IOException {
        count();
        return counted(bundle.commit(), () -> workshop.groups().commits().commit(key(id, "commit", bundle), bundle));
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException, IOException {
        count();
        return counted(message, () -> workshop.groups().messages().send(key(id, "send", message), message));
    }

    /** Appends a message to the log of its group. */
    @FunctionalInterface
    private interface Append {
        Appended run() throws DeliveryException, IOException;
    }

    /** Counts for the group what is appended to it. Who may not append uses up nothing of what its members may. */
    private Appended counted(MlsMessage message, Append append) throws DeliveryException, IOException {
        Optional<Bytes> group = message.groupId().map(Bytes::compact);
        if (group.isPresent()) {
            workshop.limits().groupAppends().take(group.get(), 1);
        }
        try {
            return append.run();
        } catch (DeliveryException e) {
            boolean outside = e.kind() == ProblemKind.UNKNOWN_GROUP || e.kind() == ProblemKind.NOT_ALLOWED;
            if (group.isPresent() && outside) {
                workshop.limits().groupAppends().giveBack(group.get(), 1);
            }
            throw e;
        }
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException, IOException {
        count();
        return open.await(
                workshop,
                new Topic.OfGroup(groupId),
                wait,
                () -> workshop.groups().log().read(self, groupId, after, limit),
                page -> !page.entries().isEmpty());
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException {
        count();
        return workshop.groups().reader().groupInfo(self, groupId);
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException, IOException {
        count();
        return workshop.groups().reader().ratchetTree(self, groupId, epoch);
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException, IOException {
        count();
        return workshop.groups().reader().settings(self, groupId);
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings)
            throws DeliveryException, IOException {
        count();
        Requests.Key key = key(id, "changeSettings", bytes(groupId), settings);
        workshop.groups().reader().changeSettings(key, groupId, settings);
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException, IOException {
        count();
        Requests.Key key = key(
                id,
                "report",
                out -> out.vector(report.groupId())
                        .uint64(report.seq())
                        .vector(report.rule().getBytes(StandardCharsets.US_ASCII)));
        workshop.groups().reports().report(key, report);
    }

    @Override
    public List<GroupHead> groups() throws DeliveryException, IOException {
        count();
        return workshop.groups().log().groups(self);
    }

    // ---- inbox, requests, hints

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait) throws DeliveryException, IOException {
        count();
        return open.await(
                workshop,
                new Topic.OfInbox(self),
                wait,
                () -> workshop.inbox().read(self, after, limit),
                entries -> !entries.isEmpty());
    }

    @Override
    public void acknowledgeInbox(long upTo) throws DeliveryException, IOException {
        count();
        workshop.inbox().acknowledge(self, upTo);
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) throws DeliveryException, IOException {
        count();
        return workshop.requests().outcome(self, id);
    }

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        count();
        return open.add(workshop.hub().subscribe(self, login, listener, lastEventId));
    }

    @Override
    public void close() {
        open.close();
    }
}
