package org.coppice.bench.delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.bench.FullTree;
import org.coppice.bench.Source;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.StateStore;

/** A group at the service, with a full tree. All members are registered there, but only the first is played. */
final class BenchGroup {
    private static final Randomness RANDOMNESS = Randomness.system();
    private static final byte[] KILOBYTE = new byte[1024];

    private final DeliverySession session;
    private final Group group;
    private final List<String> tokens;

    private BenchGroup(DeliverySession session, Group group, List<String> tokens) {
        this.session = session;
        this.group = group;
        this.tokens = tokens;
    }

    /**
     * Registers the members and creates the group.
     *
     * @param name of the group and, with a number, of its members: of {@code a-z 0-9}
     * @param size how many members, at least 3
     */
    static BenchGroup create(Service service, String name, int size) throws Exception {
        Bytes groupId = Bytes.wrap(name.getBytes(StandardCharsets.US_ASCII));
        FullTree tree = new FullTree(groupId, size, index -> id(name, index).toString());
        MlsClient first = client(name, 0);
        MlsClient last = client(name, size - 1);
        List<Service.Newcomer> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(new Service.Newcomer(
                    id(name, i), i == 0 ? first.signer() : i == size - 1 ? last.signer() : tree.signer(i)));
        }
        List<String> tokens = service.register(members);
        KeyPackageBundle own = first.generateKeyPackage();
        MlsMessage welcome = new MlsMessage(new MlsMessage.Welcome(
                tree.welcome(own.keyPackage(), last.generateKeyPackage().keyPackage())));
        Group group = first.join(JoinRequest.of(MlsMessage.decode(welcome.encoded()), List.of(own)));
        // Fills the nodes above the first leaf again.
        group.merge(group.commit().build());
        DeliverySession session = service.session(id(name, 0));
        session.createGroup(request(), group.groupInfo(true), Optional.empty(), GroupSettings.DEFAULT);
        return new BenchGroup(session, group, tokens);
    }

    private static ClientId id(String name, int index) {
        return ClientId.parse(name + "-" + index + "/bench");
    }

    private static MlsClient client(String name, int index) throws Exception {
        return MlsClient.create(
                Source.NATIVE
                        .environment()
                        .store(StateStore.none())
                        .policy(GroupPolicy.builder()
                                .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                                .build())
                        .build(),
                Source.SUITE,
                id(name, index).basicCredential());
    }

    static RequestId request() {
        return RequestId.random(RANDOMNESS);
    }

    /** The tokens of all members. */
    List<String> tokens() {
        return tokens;
    }

    Bytes groupId() {
        return group.groupId();
    }

    DeliverySession session() {
        return session;
    }

    /** A message of a kilobyte. */
    MlsMessage message() throws Exception {
        return group.encrypt(KILOBYTE);
    }

    /** The next Commit, empty and with a path, as if those before it had been accepted. */
    CommitBundle nextCommit() throws Exception {
        StagedCommit staged = group.commit().build();
        CommitBundle bundle = new CommitBundle(
                staged.message(),
                staged.welcome(),
                Optional.of(staged.groupInfo(false)),
                Optional.empty(),
                List.of(),
                List.of());
        group.merge(staged);
        return bundle;
    }

    /** Sends a Commit; returns how large its bundle was. */
    int sendCommit() throws Exception {
        CommitBundle bundle = nextCommit();
        session.commit(request(), bundle);
        return bundle.encoded().length;
    }
}
