package org.coppice.testkit.attack;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;

/** What who has stolen a signature key may try to do with it, in the member's name. */
public enum Deed {
    /** Sends a word. */
    MESSAGE(Deed::sendWord),
    /** Proposes to remove whom he tries it on. */
    PROPOSAL((honest, thief) -> honest.receive(Scene.wire(thief.proposal(new Proposal.Remove(honest.ownLeaf()))))),
    /** Leads the group into another epoch. */
    COMMIT((honest, thief) -> honest.merge(honest.stage(Scene.wire(thief.confirmedCommit())))),
    /** Comes in, in the member's place if it has one. */
    EXTERNAL_COMMIT(Deed::comeIn),
    /** Gives somebody a key package of the member's, who adds him to a group. */
    KEY_PACKAGE(Deed::beAdded);

    private static final int MOST_SENT = 100;

    private final boolean asMember;
    private final Attempt attempt;

    /** Done from the member's place in the group. */
    @FunctionalInterface
    private interface FromWithin {
        void tryOn(Group honest, Insider thief) throws MlsException;
    }

    @FunctionalInterface
    private interface FromOutside {
        void tryOn(Witness witness, CredentialValidator validator, Theft theft) throws MlsException;
    }

    @FunctionalInterface
    private interface Attempt {
        boolean succeeds(Witness witness, CredentialValidator validator, Theft theft);
    }

    @FunctionalInterface
    private interface Act {
        void make() throws MlsException;
    }

    Deed(FromWithin deed) {
        asMember = true;
        attempt = (witness, validator, theft) -> {
            LeafIndex leaf = placeOf(theft, witness).orElse(theft.leaf());
            List<Insider> disguises =
                    theft.attacker().posingAs(leaf, theft.client().signer(), witness.state());
            return disguises.stream()
                    .anyMatch(thief -> isDone(() -> {
                        Group honest = witness.open(validator);
                        try {
                            deed.tryOn(honest, thief);
                        } catch (IllegalStateException e) {
                            throw new ValidationException(
                                    Rule.MESSAGE_SIGNATURE); // of a past epoch he has not all secrets
                        }
                    }));
        };
    }

    Deed(FromOutside deed) {
        asMember = false;
        attempt = (witness, validator, theft) -> isDone(() -> deed.tryOn(witness, validator, theft));
    }

    /** Whether it is done from the member's place in the group. */
    boolean isAsMember() {
        return asMember;
    }

    /**
     * Whether it comes off.
     *
     * @param validator what the honest member thinks of credentials
     */
    boolean succeeds(Witness witness, CredentialValidator validator, Theft theft) {
        return attempt.succeeds(witness, validator, theft);
    }

    private static void sendWord(Group honest, Insider thief) throws MlsException {
        Bytes word = Bytes.fromHex("6869");
        for (int used = 0; ; used++) {
            try {
                say(word, honest, thief);
                return;
            } catch (ValidationException e) {
                if (e.rule() != Rule.GENERATION_CONSUMED || used == MOST_SENT) {
                    throw e;
                }
                // The member has sent in this epoch, too: he goes on behind that.
            }
        }
    }

    private static void say(Bytes said, Group honest, Insider thief) throws MlsException {
        MlsMessage message = thief.privateMessage(
                thief.sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(said)), PaddingPolicy.none());
        Received received = honest.receive(Scene.wire(message));
        if (!((Received.Application) received).data().equals(said)) {
            throw new AssertionError("it says something else");
        }
    }

    private static void comeIn(Witness witness, CredentialValidator validator, Theft theft) throws MlsException {
        Group honest = witness.open(validator);
        ExternalJoinRequest request = ExternalJoinRequest.of(honest.groupInfo(true));
        Optional<LeafIndex> place = placeOf(theft, witness);
        ExternalJoin join = stolen(theft).joinExternally(place.isPresent() ? request.replacing(place.get()) : request);
        honest.merge(honest.stage(Scene.wire(join.commit())));
        listen(honest, join.group());
    }

    private static void beAdded(Witness witness, CredentialValidator validator, Theft theft) throws MlsException {
        Group honest = witness.create(validator);
        MlsClient thief = stolen(theft);
        KeyPackageBundle bundle = thief.generateKeyPackage();
        StagedCommit commit = honest.commit().add(bundle.keyPackage()).build();
        MlsMessage welcome = commit.welcome().orElseThrow();
        honest.merge(commit);
        listen(honest, thief.join(Scene.wire(welcome), bundle));
    }

    private static Optional<LeafIndex> placeOf(Theft theft, Witness witness) {
        return witness.state().roster().stream()
                .filter(member -> member.credential().equals(theft.client().credential()))
                .map(member -> member.leafIndex())
                .findFirst();
    }

    /** Somebody with the member's name and signature key, and nothing else. */
    private static MlsClient stolen(Theft theft) throws MlsException {
        MlsClient member = theft.client();
        Environment environment = member.environment().toBuilder()
                .store(new InMemoryStateStore())
                .validator(CredentialValidator.acceptAll())
                .build();
        return MlsClient.of(environment, member.crypto().suite(), member.credential(), member.signer());
    }

    private static void listen(Group honest, Group thief) throws MlsException {
        Received heard = thief.receive(Scene.wire(honest.encrypt(new byte[] {1})));
        if (!(heard instanceof Received.Application)) {
            throw new AssertionError("he is in, and hears nothing");
        }
    }

    private static boolean isDone(Act act) {
        try {
            act.make();
            return true;
        } catch (MlsException e) {
            return false;
        }
    }
}
