package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Test;

/** The end of a registration, as the client itself asks for it. */
class RegistrationContractTest extends ContractTest {
    private static void unregister(Device who) throws Exception {
        RequestId request = Device.request();
        who.session()
                .unregister(
                        request, who.id(), who.agreeing(ConsentStatement.toUnregister(who.id(), request, who.id())));
    }

    @Test
    void whoIsUnregisteredCanBeInvitedNoMore() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        bob.publish(2);
        unregister(bob);
        refuses(
                ProblemKind.UNKNOWN_CLIENT,
                () -> alice.session().clientsOf(bob.id().user()));
        refuses(
                ProblemKind.UNKNOWN_CLIENT,
                () -> alice.session().claimKeyPackages(Device.request(), ClaimRequest.of(bob.id(), Device.SUITE)));
    }

    /** A key package that was claimed before has nobody behind it any more. */
    @Test
    void anAddThatWasOnItsWayIsRefused() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        StagedCommit adding = all[0].adding(all[1]);
        unregister(all[1]);
        refuses("CREDENTIAL_REJECTED", () -> all[0].session().commit(Device.request(), all[0].bundleOf(adding)));
    }

    @Test
    void theNameStaysTaken() throws Exception {
        Device bob = device("bob");
        unregister(bob);
        refuses(ProblemKind.NOT_ALLOWED, () -> device(bob.id(), HandshakePolicy.PUBLIC));
        ClientId phone = new ClientId(bob.id().user(), "phone");
        refuses(ProblemKind.NOT_ALLOWED, () -> device(phone, HandshakePolicy.PUBLIC));
    }

    @Test
    void aGroupGoesOnAndRemovesWhoWasUnregistered() throws Exception {
        Device[] all = published("alice", "bob", "carol");
        all[0].create();
        all[0].invite(all[1], all[2]);
        unregister(all[1]);
        all[0].commit();
        all[0].say("still here");
        all[0].remove(all[1]);
        assertThat(all[2].catchUp()).containsExactly("still here");
        assertThat(all[2].group().roster()).hasSize(2);
    }

    @Test
    void aWelcomeThatWaitsIsForgotten() throws Exception {
        Device[] all = published("alice", "bob");
        all[0].create();
        StagedCommit adding = all[0].adding(all[1]);
        all[0].send(adding, all[0].bundleOf(adding));
        assertThat(all[1].session().inbox(0, 10, Duration.ZERO)).hasSize(1);
        unregister(all[1]);
        // Over HTTP the session ends with the registration.
        try {
            assertThat(all[1].session().inbox(0, 10, Duration.ZERO)).isEmpty();
        } catch (DeliveryException e) {
            assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED);
        }
    }

    /** A stolen token is not enough. */
    @Test
    void takesTheSignatureOfTheClientItself() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        RequestId request = Device.request();
        Bytes ofAlice = alice.agreeing(ConsentStatement.toUnregister(bob.id(), request, bob.id()));
        refuses("CONSENT", () -> bob.session().unregister(request, bob.id(), ofAlice));
        Bytes ofAnother = bob.agreeing(ConsentStatement.toUnregister(bob.id(), Device.request(), bob.id()));
        refuses("CONSENT", () -> bob.session().unregister(request, bob.id(), ofAnother));
        Bytes ofOwn = alice.agreeing(ConsentStatement.toUnregister(alice.id(), request, bob.id()));
        refuses(ProblemKind.NOT_ALLOWED, () -> alice.session().unregister(request, bob.id(), ofOwn));
        assertThat(alice.session().clientsOf(bob.id().user())).containsExactly(bob.id());
    }

    @Test
    void aRepetitionIsAnsweredAsDoneOrByNobodyKnowingTheClient() throws Exception {
        Device bob = device("bob");
        RequestId request = Device.request();
        Bytes consent = bob.agreeing(ConsentStatement.toUnregister(bob.id(), request, bob.id()));
        bob.session().unregister(request, bob.id(), consent);
        try {
            bob.session().unregister(request, bob.id(), consent);
        } catch (DeliveryException e) {
            assertThat(e.kind()).isEqualTo(ProblemKind.UNAUTHENTICATED);
        }
        Bytes again = bob.agreeing(ConsentStatement.toUnregister(bob.id(), Device.request(), bob.id()));
        assertThatThrownBy(() -> bob.session().unregister(Device.request(), bob.id(), again))
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.kind()).isIn(ProblemKind.UNAUTHENTICATED, ProblemKind.UNKNOWN_CLIENT));
    }
}
