package org.coppice.testkit.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;

/** A client with one group, by which a contract asks a service. Not thread safe. */
final class Peer implements AutoCloseable {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final Duration NOW = Duration.ZERO;

    final ClientId id;
    final DeliverySession session;
    private final MlsClient client;
    private final List<KeyPackageBundle> bundles = new ArrayList<>();
    Group group;

    private Peer(ClientId id, DeliverySession session, MlsClient client) {
        this.id = id;
        this.session = session;
        this.client = client;
    }

    static Peer of(Connector service, ClientId id) throws Exception {
        Identity identity = Identity.generate(ClientEnvironment.standard(), SUITE, id);
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build())
                .build();
        return new Peer(
                id,
                service.connect(identity),
                MlsClient.of(environment, SUITE, identity.credential(), identity.signer()));
    }

    static RequestId request() {
        return RequestId.random(Randomness.system());
    }

    /** New key packages, not published yet. */
    List<MlsMessage> keyPackages(int count) throws MlsException {
        List<MlsMessage> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            KeyPackageBundle bundle = client.generateKeyPackage();
            bundles.add(bundle);
            out.add(bundle.message());
        }
        return out;
    }

    MlsMessage lastResort() throws MlsException {
        KeyPackageBundle bundle = client.generateLastResortKeyPackage();
        bundles.add(bundle);
        return bundle.message();
    }

    Peer published() throws Exception {
        session.publishKeyPackages(request(), keyPackages(3), Optional.empty());
        return this;
    }

    Bytes groupId() {
        return group.groupId();
    }

    // ---- groups

    /** A group at the service, with this client alone. */
    Peer creates() throws Exception {
        group = client.createGroup();
        session.createGroup(request(), group.groupInfo(false), tree(), GroupSettings.DEFAULT);
        return this;
    }

    /** A group that the service does not know. */
    Group groupElsewhere() throws MlsException {
        return client.createGroup();
    }

    Optional<Bytes> tree() {
        return Optional.of(Bytes.wrap(group.state().tree().encoded()));
    }

    StagedCommit adding(Peer other) throws Exception {
        MlsMessage claimed = session.claimKeyPackages(request(), ClaimRequest.of(other.id, SUITE))
                .claimed()
                .get(0)
                .keyPackage();
        KeyPackage keyPackage = claimed.keyPackage().orElseThrow();
        return group.commit().add(keyPackage).withoutTreeInWelcome().build();
    }

    static CommitBundle bundle(StagedCommit staged) throws MlsException {
        return CommitBundle.of(staged.message(), staged.welcome(), Optional.of(staged.groupInfo(false)));
    }

    Appended commits(StagedCommit staged) throws Exception {
        Appended out = session.commit(request(), bundle(staged));
        group.merge(staged);
        return out;
    }

    Appended commits() throws Exception {
        return commits(group.commit().build());
    }

    Appended commits(CommitBuilder builder) throws Exception {
        return commits(builder.build());
    }

    /** Adds another client, which joins by its inbox. */
    Appended invites(Peer other) throws Exception {
        Appended out = commits(adding(other));
        other.joins();
        return out;
    }

    InboxEntry joins() throws Exception {
        List<InboxEntry> inbox = session.inbox(0, 10, Duration.ofSeconds(30));
        InboxEntry entry = inbox.get(inbox.size() - 1);
        Bytes tree = session.ratchetTree(entry.groupId(), entry.epoch());
        group = client.join(JoinRequest.of(entry.welcome(), bundles).withRatchetTree(tree));
        return entry;
    }

    Appended says(String text) throws Exception {
        return session.send(request(), message(text));
    }

    MlsMessage message(String text) throws MlsException {
        return group.encrypt(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    List<LogEntry> reads(Bytes groupId, long after) throws DeliveryException, IOException {
        return session.read(groupId, after, 100, NOW).entries();
    }

    List<Long> readsNumbers(Bytes groupId, long after) throws DeliveryException, IOException {
        return reads(groupId, after).stream().map(LogEntry::seq).toList();
    }

    @Override
    public void close() {
        session.close();
    }
}
