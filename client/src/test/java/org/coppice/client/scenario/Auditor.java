package org.coppice.client.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.ConversationInfo;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;

/**
 * A silent member that looks afterwards at all that was ever handed in, refused messages included: two different messages of one
 * generation would be two messages under one key.
 */
final class Auditor {
    static final ClientId ID = ClientId.parse("auditor/one");

    private final World world;
    private final MlsClient client;
    private final List<KeyPackageBundle> bundles = new ArrayList<>();

    Auditor(World world) throws MlsException, DeliveryException {
        this.world = world;
        Environment environment = Environment.builder()
                .provider(world.environment.provider())
                .clock(world.time)
                .validator(CredentialValidator.acceptAll())
                .build();
        MlsClient plain = MlsClient.create(environment, World.SUITE, ID.basicCredential());
        Capabilities all = plain.capabilities();
        client = plain.withCapabilities(new Capabilities(
                all.versions(),
                all.cipherSuites(),
                List.<ExtensionType>of(ConversationInfo.TYPE),
                all.proposals(),
                all.credentials()));
        List<MlsMessage> messages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            KeyPackageBundle bundle = client.generateKeyPackage();
            bundles.add(bundle);
            messages.add(bundle.message());
        }
        world.service.publish(ID, RequestId.random(world.environment.randomness()), messages, Optional.empty());
    }

    /** How many messages were looked at; throws {@link AssertionError} if a generation was used twice. */
    int audit(Bytes groupId) throws MlsException, DeliveryException {
        InboxEntry entry = world.service.inbox(ID, 0, 10).get(0);
        Group group = client.join(
                JoinRequest.of(entry.welcome(), bundles).withRatchetTree(world.service.tree(groupId, entry.epoch())));
        int count = 0;
        Set<Bytes> done = new HashSet<>();
        for (LogEntry next : world.service.log(groupId)) {
            if (next.seq() > entry.logSeq() && next.kind() == EntryKind.COMMIT) {
                count += open(group, done);
                if (next.message().length() > 2
                        && group.receive(MlsMessage.decode(next.message().toByteArray()))
                                instanceof Received.CommitStaged staged) {
                    group.merge(staged.commit());
                }
            } else if (next.seq() > entry.logSeq() && next.kind() == EntryKind.PROPOSAL && done.add(next.message())) {
                group.receive(MlsMessage.decode(next.message().toByteArray()));
            }
        }
        return count + open(group, done);
    }

    /** Opens all application messages of the present epoch that were ever handed in. */
    private int open(Group group, Set<Bytes> done) throws MlsException {
        int count = 0;
        for (Bytes encoded : world.service.offered.get(group.groupId())) {
            MlsMessage message = MlsMessage.decode(encoded.toByteArray());
            if (message.body() instanceof PrivateMessage body
                    && body.epoch() == group.epoch()
                    && body.contentType() == ContentType.APPLICATION
                    && done.add(encoded)) {
                try {
                    group.receive(message);
                    count++;
                } catch (DuplicateMessageException e) {
                    throw new AssertionError("a generation was used for two messages", e);
                }
            }
        }
        return count;
    }
}
