package org.coppice.delivery.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.InMemoryStateStore;

/** A client with real MLS state and one group, which does what a simple application would do. Not thread safe. */
public final class Device {
    /** The suite of all tests here. */
    public static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private static final Randomness RANDOMNESS = Randomness.system();

    private final ClientId id;
    private final MlsClient client;
    private final DeliverySession session;
    private final List<KeyPackageBundle> bundles = new ArrayList<>();
    private GroupSettings settings = GroupSettings.DEFAULT;
    private Group group;
    private long cursor;

    /** A device of a client whose credential is registered already. */
    public Device(ClientId id, MlsClient client, DeliverySession session) {
        this.id = id;
        this.client = client;
        this.session = session;
    }

    /** A device that registers at {@code server}, or logs in there. */
    static Device of(TestServer server, ClientId id, HandshakePolicy handshakes) throws Exception {
        MlsClient client = mls(id, handshakes);
        RegisteredCredential credential = new RegisteredCredential(
                SUITE, id.basicCredential(), client.signer().publicKey());
        return new Device(id, client, server.session(id, credential, client.signer()));
    }

    /** MLS as a client of a service that reads handshakes. */
    public static MlsClient mls(ClientId id, HandshakePolicy handshakes) {
        try {
            return MlsClient.create(environment(handshakes), SUITE, id.basicCredential());
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    /** What such a client has around it. */
    public static Environment environment(HandshakePolicy handshakes) {
        return Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(
                                handshakes == HandshakePolicy.PUBLIC
                                        ? WireFormat.PUBLIC_MESSAGE
                                        : WireFormat.PRIVATE_MESSAGE)
                        .build())
                .build();
    }

    /** A new request id. */
    public static RequestId request() {
        return RequestId.random(RANDOMNESS);
    }

    public ClientId id() {
        return id;
    }

    public MlsClient client() {
        return client;
    }

    public DeliverySession session() {
        return session;
    }

    public Group group() {
        return group;
    }

    public Bytes groupId() {
        return group.groupId();
    }

    public long cursor() {
        return cursor;
    }

    /** Signs with the key that this device registered. */
    public Bytes agreeing(ConsentStatement statement) throws MlsException {
        return statement.sign(client.crypto(), client.signer());
    }

    // ---- key packages

    public KeyPackageBundle bundle() throws MlsException {
        KeyPackageBundle bundle = client.generateKeyPackage();
        bundles.add(bundle);
        return bundle;
    }

    public void publish(int count) throws Exception {
        List<MlsMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(bundle().message());
        }
        session.publishKeyPackages(request(), messages, Optional.empty());
    }

    // ---- groups

    public void create(GroupSettings chosen) throws Exception {
        settings = chosen;
        group = client.createGroup();
        Optional<Bytes> tree = Optional.empty();
        session.createGroup(request(), group.groupInfo(true), tree, chosen);
        cursor = 0;
    }

    public void create() throws Exception {
        create(GroupSettings.DEFAULT);
    }

    /** Claims one key package of each, adds them, and has them join. */
    public Appended invite(Device... others) throws Exception {
        StagedCommit staged = adding(others);
        Appended appended = send(staged, bundleOf(staged, ids(others), List.of()));
        for (Device other : others) {
            other.settings = settings;
            other.joinFromInbox();
        }
        return appended;
    }

    private static List<ClientId> ids(Device... devices) {
        return Arrays.stream(devices).map(Device::id).toList();
    }

    /** A Commit that adds others, not sent yet. */
    public StagedCommit adding(Device... others) throws Exception {
        var builder = group.commit().withoutTreeInWelcome();
        for (Device other : others) {
            ClaimResult result = session.claimKeyPackages(request(), ClaimRequest.of(other.id, SUITE));
            MlsMessage.KeyPackage body =
                    (MlsMessage.KeyPackage) result.claimed().get(0).keyPackage().body();
            builder.add(body.keyPackage());
        }
        return builder.build();
    }

    /** An empty Commit, not sent yet. */
    public StagedCommit staged() throws MlsException {
        return group.commit().build();
    }

    /** The bundle for a Commit of this device. */
    public CommitBundle bundleOf(StagedCommit staged, List<ClientId> added, List<ClientId> removed)
            throws MlsException {
        boolean visible = settings.handshakes() == HandshakePolicy.PUBLIC;
        return new CommitBundle(
                staged.message(),
                staged.welcome(),
                Optional.of(staged.groupInfo(false)),
                visible ? Optional.empty() : Optional.of(tree(staged)),
                visible ? List.of() : added,
                visible ? List.of() : removed);
    }

    private static Bytes tree(StagedCommit staged) {
        return Bytes.wrap(staged.nextState().tree().encoded());
    }

    /** The bundle for a Commit that changes no members. */
    public CommitBundle bundleOf(StagedCommit staged) throws MlsException {
        return bundleOf(staged, List.of(), List.of());
    }

    /** Sends a Commit and merges it. */
    public Appended send(StagedCommit staged, CommitBundle bundle) throws Exception {
        Appended appended = session.commit(request(), bundle);
        group.merge(staged);
        cursor = appended.seq();
        return appended;
    }

    /** Makes an empty Commit, sends and merges it. */
    public Appended commit() throws Exception {
        StagedCommit staged = staged();
        return send(staged, bundleOf(staged));
    }

    public Appended remove(Device other) throws Exception {
        StagedCommit staged = group.commit().remove(other.group.ownLeaf()).build();
        return send(staged, bundleOf(staged, List.of(), List.of(other.id)));
    }

    /** Sends an application message. */
    public Appended say(String text) throws Exception {
        return session.send(request(), group.encrypt(text.getBytes(StandardCharsets.UTF_8)));
    }

    public void joinFromInbox() throws Exception {
        List<InboxEntry> entries = session.inbox(0, 10, Duration.ofSeconds(5));
        InboxEntry entry = entries.get(entries.size() - 1);
        Bytes tree = session.ratchetTree(entry.groupId(), entry.epoch());
        group = client.join(JoinRequest.of(entry.welcome(), bundles).withRatchetTree(tree));
        cursor = entry.logSeq();
        session.acknowledgeInbox(entry.seq());
    }

    /** Joins, or comes back, by itself. */
    public Appended joinExternally(Bytes groupId, GroupSettings chosen) throws Exception {
        settings = chosen;
        MlsMessage info = session.groupInfo(groupId);
        long epoch =
                ((MlsMessage.GroupInfo) info.body()).groupInfo().groupContext().epoch();
        ExternalJoinRequest request = ExternalJoinRequest.of(info).withRatchetTree(session.ratchetTree(groupId, epoch));
        if (group != null) {
            request = request.replacing(group.ownLeaf());
        }
        ExternalJoin join = client.joinExternally(request);
        boolean visible = chosen.handshakes() == HandshakePolicy.PUBLIC;
        CommitBundle bundle = new CommitBundle(
                join.commit(),
                Optional.empty(),
                Optional.of(join.groupInfo(false)),
                visible
                        ? Optional.empty()
                        : Optional.of(Bytes.wrap(join.state().tree().encoded())),
                List.of(),
                List.of());
        Appended appended = session.commit(request(), bundle);
        group = join.group();
        cursor = appended.seq();
        return appended;
    }

    /** Reads the log and follows it; returns the application messages' texts. */
    public List<String> catchUp() throws Exception {
        List<String> texts = new ArrayList<>();
        while (true) {
            LogPage page = session.read(group.groupId(), cursor, 100, Duration.ZERO);
            if (page.entries().isEmpty()) {
                return texts;
            }
            for (LogEntry entry : page.entries()) {
                follow(entry, texts);
                cursor = entry.seq();
            }
        }
    }

    private void follow(LogEntry entry, List<String> texts) throws MlsException {
        if (entry.kind() == EntryKind.VOID) {
            return;
        }
        MlsMessage message = MlsMessage.decode(entry.message(), DecodeLimits.DEFAULT);
        Received received = group.receive(message);
        if (received instanceof Received.Application application) {
            texts.add(new String(application.data().toByteArray(), StandardCharsets.UTF_8));
        } else if (received instanceof Received.CommitStaged staged) {
            group.merge(staged.commit());
        }
    }

    /** The entries of the log after {@code after}. */
    public List<LogEntry> log(long after) throws DeliveryException, IOException {
        return session.read(group.groupId(), after, 1000, Duration.ZERO).entries();
    }
}
