package org.coppice.client.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.scenario.SimulatedTime;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;

/** What the service has taken, group by group: who is a member of which epoch. It sees answers before they can get lost. */
final class GroupLedger {
    private final Environment environment;
    private final Map<Bytes, Course> courses = new LinkedHashMap<>();

    GroupLedger(SimulatedTime clock) {
        environment = Environment.builder()
                .clock(clock)
                .validator(CredentialValidator.acceptAll())
                .build();
    }

    /** An epoch, and who is in it. */
    record Epoch(long number, Set<ClientId> members) {}

    /** The course of one group. */
    static final class Course {
        private final PublicGroup followed;
        private final List<Epoch> epochs = new ArrayList<>();

        private Course(PublicGroup followed) {
            this.followed = followed;
        }

        Epoch last() {
            return epochs.get(epochs.size() - 1);
        }

        List<Epoch> epochs() {
            return epochs;
        }

        boolean isMember(ClientId client, long epoch) {
            return epoch < epochs.size() && epochs.get((int) epoch).members().contains(client);
        }

        /** Whether the client was no member in some epoch from this one on. */
        boolean wasOutSince(ClientId client, long epoch) {
            return epochs.stream()
                    .anyMatch(one -> one.number() >= epoch && !one.members().contains(client));
        }
    }

    Collection<Bytes> groups() {
        return courses.keySet();
    }

    Optional<Course> course(Bytes groupId) {
        return Optional.ofNullable(courses.get(groupId));
    }

    /** The service has a new group. */
    void created(ClientId creator, MlsMessage groupInfo, Optional<Bytes> tree, GroupSettings settings) {
        try {
            boolean open = settings.handshakes() == HandshakePolicy.PUBLIC;
            Course course = new Course(open ? PublicGroup.follow(environment, groupInfo, tree) : null);
            course.epochs.add(new Epoch(0, Set.of(creator)));
            courses.put(groupInfo.groupId().orElseThrow(), course);
        } catch (MlsException e) {
            throw new Violation("the service took a group that is none", e);
        }
    }

    /** The service took a Commit. */
    void committed(CommitBundle bundle, Appended appended) {
        Course course = courses.get(bundle.commit().groupId().orElseThrow());
        Set<ClientId> members = new HashSet<>();
        if (course.followed == null) {
            members.addAll(course.last().members());
            members.removeAll(bundle.removed());
            members.addAll(bundle.added());
        } else {
            follow(course.followed, bundle.commit());
            course.followed.state().tree().forEachLeaf((leaf, node) -> members.add(nameOf(node.credential())));
        }
        if (appended.epoch() != course.last().number() + 1) {
            throw new Violation(
                    "epoch " + appended.epoch() + " after " + course.last().number());
        }
        course.epochs.add(new Epoch(appended.epoch(), members));
    }

    /** The service took a proposal, which the Commits after it may refer to. */
    void proposed(MlsMessage message) {
        Course course = courses.get(message.groupId().orElseThrow());
        if (course.followed != null) {
            follow(course.followed, message);
        }
    }

    private static void follow(PublicGroup followed, MlsMessage message) {
        try {
            followed.merge((Observed.Staged) followed.stage(message));
        } catch (MlsException e) {
            throw new Violation("the service took a handshake message that is not valid", e);
        }
    }

    private static ClientId nameOf(Credential credential) {
        return ClientId.ofIdentity(((Credential.Basic) credential).identity()).orElseThrow();
    }
}
