package org.coppice.bench.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.coppice.bench.FullTree;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Retention;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;

/**
 * Two clients of the SDK in a large group whose tree is full: everybody has committed. The group is brought to the service as it is by a
 * founder who adds the two; nobody plays the others.
 */
final class LargeGroup {
    private static final int TURNS = 15;
    private static final Bytes GROUP_ID = Bytes.wrap(new byte[] {1});

    private final Path directory;
    private final int members;
    private final ClientEnvironment environment = ClientEnvironment.standard();

    /** @param members with the two clients and the founder, at least 8 */
    LargeGroup(Path directory, int members) {
        this.directory = directory;
        this.members = members;
    }

    /** The rows of a table. */
    List<String> run() throws Exception {
        try (LocalService service = new LocalService(directory.resolve("service"))) {
            Metered ofDora = new Metered();
            Metered ofEmil = new Metered();
            try (CoppiceClient dora = client(service, ofDora, "dora");
                    CoppiceClient emil = client(service, ofEmil, "emil")) {
                found(service);
                List<Metered.Sample> joins = List.of(ofDora.measure(dora::sync), ofEmil.measure(emil::sync));
                return talk(
                        joins,
                        ofDora,
                        dora.conversations().get(0),
                        ofEmil,
                        emil.conversations().get(0));
            }
        }
    }

    private CoppiceClient client(LocalService service, Metered meter, String name) throws Exception {
        CoppiceClient client = CoppiceClient.create(
                meter.store(directory.resolve(name + ".sqlite")),
                People.identity(environment, name),
                environment,
                meter.connector(service));
        client.sync();
        return client;
    }

    private List<String> talk(
            List<Metered.Sample> joins, Metered ofDora, Conversation doras, Metered ofEmil, Conversation emils)
            throws Exception {
        if (doras.members().size() != members) {
            throw new AssertionError("members: " + doras.members().size());
        }
        // The nodes above the two were blank; and the first ones are slow.
        for (int i = 0; i < 3; i++) {
            People.refresh(doras);
            People.refresh(emils);
            People.say(doras, "hello");
            emils.sync();
            doras.sync();
        }
        List<Metered.Sample> sent = new ArrayList<>();
        List<Metered.Sample> read = new ArrayList<>();
        List<Metered.Sample> committed = new ArrayList<>();
        List<Metered.Sample> processed = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            String text = "a message of some forty characters, no. " + i;
            sent.add(ofDora.measure(() -> People.say(doras, text)));
            read.add(ofEmil.measure(emils::sync));
            committed.add(ofDora.measure(() -> People.refresh(doras)));
            processed.add(ofEmil.measure(emils::sync));
        }
        if (!emils.epochAuthenticator().equals(doras.epochAuthenticator())) {
            throw new AssertionError("no agreement");
        }
        String of = String.format(" in %,d members", members);
        return List.of(
                Metered.Sample.row("join by Welcome" + of, joins),
                Metered.Sample.row("send a message" + of, sent),
                Metered.Sample.row("read one" + of, read),
                Metered.Sample.row("commit fresh keys" + of, committed),
                Metered.Sample.row("follow that Commit" + of, processed));
    }

    // ---- the founder

    private void found(LocalService service) throws Exception {
        Identity identity = People.identity(environment, "founder");
        MlsClient client = MlsClient.of(mls(), People.SUITE, identity.credential(), identity.signer());
        Identity last = People.identity(environment, "last");
        service.connect(last).close();
        MlsClient lastClient = MlsClient.of(mls(), People.SUITE, last.credential(), last.signer());
        try (DeliverySession session = service.connect(identity);
                KeyPackageBundle own = client.generateKeyPackage();
                KeyPackageBundle other = lastClient.generateKeyPackage()) {
            FullTree tree =
                    new FullTree(GROUP_ID, members - 2, i -> People.id("m" + i).toString());
            register(service, identity, tree);
            MlsMessage welcome =
                    new MlsMessage(new MlsMessage.Welcome(tree.welcome(own.keyPackage(), other.keyPackage())));
            Group group = client.join(JoinRequest.of(welcome, List.of(own)));
            session.createGroup(
                    request(),
                    group.groupInfo(false),
                    Optional.of(Bytes.wrap(group.state().tree().encoded())),
                    new GroupSettings(HandshakePolicy.PUBLIC, ExternalJoinPolicy.MEMBERS, Retention.OF_SERVICE));
            List<KeyPackage> added = new ArrayList<>();
            for (String name : List.of("dora", "emil")) {
                ClaimResult claimed = session.claimKeyPackages(
                        request(),
                        new ClaimRequest(
                                new ClaimRequest.OfClient(People.id(name)),
                                People.SUITE,
                                new RequiredCapabilities(List.of(), List.of(), List.of()),
                                List.of()));
                added.add(((MlsMessage.KeyPackage)
                                claimed.claimed().get(0).keyPackage().body())
                        .keyPackage());
            }
            StagedCommit commit =
                    group.commit().addAll(added).withoutTreeInWelcome().build();
            session.commit(
                    request(),
                    CommitBundle.of(commit.message(), commit.welcome(), Optional.of(commit.groupInfo(false))));
            group.close();
        }
    }

    /** The service lets nobody into a group whom it does not know. */
    private void register(LocalService service, Identity founder, FullTree tree) {
        IntStream.range(1, members - 3).parallel().forEach(i -> {
            ClientId id = People.id("m" + i);
            Identity identity = Identity.of(founder.crypto(), id, id.basicCredential(), tree.signer(i));
            try {
                service.connect(identity).close();
            } catch (DeliveryException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Environment mls() {
        return Environment.builder()
                .provider(environment.provider())
                .validator(environment.validator())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build())
                .build();
    }

    private static RequestId request() {
        return RequestId.random(Randomness.system());
    }
}
