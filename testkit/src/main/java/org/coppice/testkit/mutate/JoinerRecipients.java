package org.coppice.testkit.mutate;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.testkit.MemberView;
import org.coppice.testkit.Scene.Actor;

/** Those who receive what is for no member: Welcomes, GroupInfos and KeyPackages. */
final class JoinerRecipients {
    private JoinerRecipients() {}

    /** A client that waits for a Welcome. */
    static final class ByWelcome implements Recipient {
        private final Snapshot snapshot;
        private final Secret keys;
        private final UnaryOperator<JoinRequest> how;
        private final Meter meter = new Meter();
        private KeyPackageBundle bundle;

        /**
         * @param bundle the key package that it was added by; copied
         * @param how what it brings to the join beside the Welcome
         */
        ByWelcome(Actor joiner, KeyPackageBundle bundle, UnaryOperator<JoinRequest> how) throws MlsException {
            this.snapshot = new Snapshot(joiner.client(), joiner.store());
            this.keys = bundle.encode();
            this.how = how;
            restore();
        }

        private void restore() throws DecodeException {
            snapshot.restore();
            bundle = KeyPackageBundle.decode(keys);
        }

        @Override
        public Outcome take(Specimen.Sealed sealed) {
            Group[] joined = new Group[1];
            Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
                MlsMessage message = MlsMessage.decode(sealed.message());
                if (message.body() instanceof MlsMessage.Welcome) {
                    joined[0] = snapshot.client().join(how.apply(JoinRequest.of(message, List.of(bundle))));
                }
            });
            if (joined[0] == null) {
                MemberRecipient.check(snapshot.isUnchanged(), refused + " changed the stored state");
                return refused.orElse(Outcome.OTHER_KIND);
            }
            Bytes authenticator = joined[0].epochAuthenticator();
            try {
                restore();
            } catch (DecodeException e) {
                throw new AssertionError("own encoding", e);
            }
            MemberRecipient.check(
                    sealed.authenticator().equals(Optional.of(authenticator)),
                    "joined another epoch than the one that the sender computes");
            return Outcome.ACCEPTED;
        }
    }

    /** A client that joins by an external Commit. */
    static final class ByGroupInfo implements Recipient {
        private final Snapshot snapshot;
        private final Meter meter = new Meter();

        ByGroupInfo(Actor joiner) throws MlsException {
            this.snapshot = new Snapshot(joiner.client(), joiner.store());
        }

        @Override
        public Outcome take(Specimen.Sealed sealed) {
            ExternalJoin[] join = new ExternalJoin[1];
            Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
                MlsMessage message = MlsMessage.decode(sealed.message());
                if (message.body() instanceof MlsMessage.GroupInfo) {
                    join[0] = snapshot.client().joinExternally(ExternalJoinRequest.of(message));
                }
            });
            // The Commit is made, and nothing is stored before it is known to be accepted.
            MemberRecipient.check(snapshot.isUnchanged(), "the stored state was changed");
            if (join[0] == null) {
                return refused.orElse(Outcome.OTHER_KIND);
            }
            join[0].close();
            return Outcome.ACCEPTED;
        }
    }

    /** An observer that is handed a GroupInfo of the present epoch. */
    static final class ObserverOfGroupInfo implements Recipient {
        private final PublicGroup observer;
        private final Meter meter = new Meter();

        ObserverOfGroupInfo(PublicGroup observer) {
            this.observer = observer;
        }

        @Override
        public Outcome take(Specimen.Sealed sealed) {
            boolean[] other = {false};
            Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
                MlsMessage message = MlsMessage.decode(sealed.message());
                other[0] = !(message.body() instanceof MlsMessage.GroupInfo);
                if (!other[0]) {
                    observer.checkGroupInfo(message);
                }
            });
            return refused.orElse(other[0] ? Outcome.OTHER_KIND : Outcome.ACCEPTED);
        }
    }

    /** A member that adds the client of a KeyPackage. */
    static final class Adder implements Recipient {
        private final Snapshot snapshot;
        private final Bytes groupId;
        private final Meter meter = new Meter();
        private Group group;

        Adder(Actor member) throws MlsException {
            this.snapshot = new Snapshot(member.client(), member.store());
            this.groupId = member.group().groupId();
            this.group = snapshot.client().load(groupId);
        }

        @Override
        public Outcome take(Specimen.Sealed sealed) {
            boolean[] added = {false};
            MemberView before = MemberView.of(group);
            Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
                MlsMessage message = MlsMessage.decode(sealed.message());
                if (message.body() instanceof MlsMessage.KeyPackage body) {
                    group.commit().add(body.keyPackage()).build();
                    added[0] = true;
                }
            });
            if (!added[0]) {
                MemberRecipient.check(snapshot.isUnchanged(), refused + " changed the stored state");
                MemberRecipient.check(MemberView.of(group).equals(before), refused + " changed the group in memory");
                return refused.orElse(Outcome.OTHER_KIND);
            }
            snapshot.restore();
            try {
                group = snapshot.client().load(groupId);
            } catch (MlsException e) {
                throw new AssertionError("what was stored cannot be loaded", e);
            }
            return Outcome.ACCEPTED;
        }
    }
}
