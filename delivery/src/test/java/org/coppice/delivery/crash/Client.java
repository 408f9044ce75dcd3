package org.coppice.delivery.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.RatchetTree;

/** A client that forgets all its MLS state when its process dies, but for the key by which the service knows it. */
final class Client {
    private final DeliverySession session;
    private final Asking asking;
    private final Journal journal;
    private final MlsClient mls;
    private Group group;
    private long cursor;

    /** @param keys the directory of the keys of all clients */
    Client(DeliveryService service, Journal journal, Path keys, ClientId id) throws Exception {
        this.journal = journal;
        this.asking = new Asking(journal);
        Environment environment = Device.environment(HandshakePolicy.PUBLIC);
        SignatureKeyPair own = KeptKey.of(keys, id, environment.crypto(Device.SUITE));
        this.mls = MlsClient.of(
                environment,
                Device.SUITE,
                id.basicCredential(),
                environment.crypto(Device.SUITE).signer(own));
        this.session = service.session(id);
        RegisteredCredential credential = new RegisteredCredential(
                Device.SUITE, id.basicCredential(), mls.signer().publicKey());
        while (!enter(service, credential)) {
            Thread.sleep(20);
        }
    }

    /** Registers, or logs in if it is known from an earlier life; false if the database is away just now. */
    private boolean enter(DeliveryService service, RegisteredCredential credential) throws Exception {
        try {
            Servers.inProcess(service).session(session.self(), credential, mls.signer());
            return true;
        } catch (DeliveryException e) {
            if (e.kind() != ProblemKind.UNAVAILABLE) {
                throw e;
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    DeliverySession session() {
        return session;
    }

    MlsClient mls() {
        return mls;
    }

    Journal journal() {
        return journal;
    }

    Group group() {
        return group;
    }

    Outcome ask(Journal.Kind kind, Encodable body) throws Exception {
        return asking.ask(session, Device.request(), kind, body);
    }

    void create(Bytes groupId) throws Exception {
        Group created = mls.createGroup(groupId);
        ask(Journal.Kind.CREATE, created.groupInfo(true));
        group = created;
        cursor = 0;
    }

    /** Comes into a group by itself, in place of whatever leaf it had there. */
    void join(Bytes groupId) throws Exception {
        while (true) {
            try {
                MlsMessage info = groupInfo(groupId);
                Bytes tree = session.ratchetTree(groupId, epoch(info));
                ExternalJoinRequest request = ExternalJoinRequest.of(info).withRatchetTree(tree);
                Optional<LeafIndex> former = ownLeaf(tree);
                if (former.isPresent()) {
                    request = request.replacing(former.get());
                }
                ExternalJoin join = mls.joinExternally(request);
                Appended appended = ((Outcome.OfAppend) ask(
                                Journal.Kind.COMMIT,
                                CommitBundle.of(join.commit(), Optional.empty(), Optional.of(join.groupInfo(false)))))
                        .appended();
                group = join.group();
                cursor = appended.seq();
                return;
            } catch (DeliveryException e) {
                requireRace(e);
            }
        }
    }

    private MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException {
        long known = group == null ? 0 : cursor;
        MlsMessage info = session.groupInfo(groupId);
        journal.informed(new Journal.Informed(session.self(), groupId, epoch(info), known));
        return info;
    }

    static long epoch(MlsMessage groupInfo) {
        MlsMessage.GroupInfo body = (MlsMessage.GroupInfo) groupInfo.body();
        return body.groupInfo().groupContext().epoch();
    }

    /** Fetches the GroupInfo of its group, to be judged afterwards. */
    void inform() throws Exception {
        try {
            groupInfo(group.groupId());
        } catch (DeliveryException e) {
            requireRace(e);
        } catch (IOException e) {
            // Away just now.
            return;
        }
    }

    private Optional<LeafIndex> ownLeaf(Bytes encodedTree) throws MlsException {
        RatchetTree tree = Asking.decode(encodedTree, in -> RatchetTree.decode(in, mls.crypto()));
        LeafIndex[] found = new LeafIndex[1];
        Credential own = session.self().basicCredential();
        tree.forEachLeaf((index, leaf) -> {
            if (leaf.credential().equals(own)) {
                found[0] = index;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    /** Sends a Commit; false if another was first. */
    boolean commit(StagedCommit staged) throws Exception {
        try {
            Appended appended = ((Outcome.OfAppend) ask(
                            Journal.Kind.COMMIT,
                            CommitBundle.of(staged.message(), staged.welcome(), Optional.of(staged.groupInfo(false)))))
                    .appended();
            group.merge(staged);
            cursor = appended.seq();
            return true;
        } catch (DeliveryException e) {
            requireRace(e);
            group.clearPendingCommits();
            return false;
        }
    }

    void say() throws Exception {
        try {
            ask(Journal.Kind.SEND, group.encrypt(new byte[64]));
        } catch (DeliveryException e) {
            requireRace(e);
        }
    }

    /** Another was first, or has taken this client's place in its next life: anything else is an error. */
    private static void requireRace(DeliveryException e) throws DeliveryException {
        Problem problem = e.problem();
        boolean race = problem.kind() == ProblemKind.STALE_EPOCH
                || problem.kind() == ProblemKind.UNAVAILABLE
                || problem.rule().filter("STALE_EPOCH"::equals).isPresent();
        if (!race) {
            throw e;
        }
    }

    void catchUp() throws Exception {
        try {
            LogPage page = session.read(group.groupId(), cursor, 200, Duration.ZERO);
            for (LogEntry entry : page.entries()) {
                follow(entry);
                cursor = entry.seq();
            }
        } catch (DeliveryException e) {
            requireRace(e);
        }
    }

    private void follow(LogEntry entry) throws MlsException {
        try {
            Received received = group.receive(Asking.decode(entry.message(), MlsMessage::decode));
            if (received instanceof Received.CommitStaged staged) {
                group.merge(staged.commit());
            }
        } catch (StaleEpochException e) {
            // A late message of an epoch before this client came: for the others.
            if (entry.kind() != EntryKind.APPLICATION) {
                throw e;
            }
        }
    }

    /** The key packages of a list, as one body. */
    static Encodable list(List<MlsMessage> messages) {
        return out -> out.list(messages);
    }
}
