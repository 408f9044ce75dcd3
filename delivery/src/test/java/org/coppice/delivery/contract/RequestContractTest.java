package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;
import org.junit.jupiter.api.Test;

/** Writes are done once, however often they come. */
class RequestContractTest extends ContractTest {
    @Test
    void givesARepeatedCommitItsFirstAnswer() throws Exception {
        Device alice = device("alice");
        alice.create();
        StagedCommit staged = alice.staged();
        CommitBundle bundle = alice.bundleOf(staged);
        RequestId request = Device.request();
        Appended first = alice.session().commit(request, bundle);
        assertThat(first.repeated()).isFalse();
        alice.group().merge(staged);
        alice.commit();
        assertThat(alice.session().commit(request, bundle)).isEqualTo(first.asRepeated());
        assertThat(alice.log(0)).hasSize(2);
        assertThat(alice.session().outcome(request)).contains(new Outcome.OfAppend(first));
    }

    @Test
    void givesARepeatedMessageItsFirstAnswer() throws Exception {
        Device alice = device("alice");
        alice.create();
        MlsMessage message = alice.group().encrypt(new byte[] {1});
        RequestId request = Device.request();
        Appended first = alice.session().send(request, message);
        assertThat(alice.session().send(request, message)).isEqualTo(first.asRepeated());
        assertThat(alice.session().send(Device.request(), message).seq()).isEqualTo(2);
        assertThat(alice.log(0)).hasSize(2);
    }

    @Test
    void givesARepeatedProposalItsFirstAnswer() throws Exception {
        Device alice = device("alice");
        alice.create();
        MlsMessage proposal = alice.group().proposeExternalPsk(Bytes.EMPTY);
        RequestId request = Device.request();
        Appended first = alice.session().send(request, proposal);
        assertThat(alice.session().send(request, proposal)).isEqualTo(first.asRepeated());
        assertThat(alice.log(0)).hasSize(1);
    }

    @Test
    void givesARepeatedClaimTheSameKeyPackages() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        bob.publish(2);
        RequestId request = Device.request();
        ClaimRequest claim = ClaimRequest.of(bob.id(), Device.SUITE);
        ClaimResult first = alice.session().claimKeyPackages(request, claim);
        assertThat(alice.session().claimKeyPackages(request, claim)).isEqualTo(first);
        assertThat(bob.session().keyPackageStock().of(Device.SUITE).ordinary()).isEqualTo(1);
    }

    @Test
    void givesARepeatedCreationAndPublicationTheirFirstAnswers() throws Exception {
        Device alice = device("alice");
        MlsMessage info = alice.client().createGroup().groupInfo(true);
        RequestId request = Device.request();
        Appended first = alice.session().createGroup(request, info, Optional.empty(), GroupSettings.DEFAULT);
        assertThat(alice.session().createGroup(request, info, Optional.empty(), GroupSettings.DEFAULT))
                .isEqualTo(first.asRepeated());
        List<MlsMessage> packages = List.of(alice.bundle().message());
        RequestId publication = Device.request();
        Stock stock = alice.session().publishKeyPackages(publication, packages, Optional.empty());
        alice.publish(1);
        assertThat(alice.session().publishKeyPackages(publication, packages, Optional.empty()))
                .isEqualTo(stock);
        assertThat(alice.session().keyPackageStock().of(Device.SUITE).ordinary())
                .isEqualTo(2);
    }

    @Test
    void refusesAnotherRequestWithTheSameId() throws Exception {
        Device alice = device("alice");
        alice.create();
        RequestId request = Device.request();
        alice.session().send(request, alice.group().encrypt(new byte[] {1}));
        refuses(
                ProblemKind.REQUEST_ID_REUSED,
                () -> alice.session().send(request, alice.group().encrypt(new byte[] {2})));
        refuses(
                ProblemKind.REQUEST_ID_REUSED,
                () -> alice.session().publishKeyPackages(request, List.of(), Optional.empty()));
        assertThat(alice.log(0)).hasSize(1);
    }

    @Test
    void keepsRequestIdsOfClientsApart() throws Exception {
        Device alice = device("alice");
        Device bob = device("bob");
        RequestId request = Device.request();
        alice.session().publishKeyPackages(request, List.of(alice.bundle().message()), Optional.empty());
        assertThat(bob.session().outcome(request)).isEmpty();
        bob.session().publishKeyPackages(request, List.of(bob.bundle().message()), Optional.empty());
    }

    @Test
    void remembersNothingOfWhatItRefused() throws Exception {
        Device alice = device("alice");
        alice.create();
        StagedCommit staged = alice.staged();
        RequestId request = Device.request();
        refuses(
                "GROUP_INFO_MISSING",
                () -> alice.session()
                        .commit(request, CommitBundle.of(staged.message(), Optional.empty(), Optional.empty())));
        assertThat(alice.session().outcome(request)).isEmpty();
        assertThat(alice.session().commit(request, alice.bundleOf(staged)).repeated())
                .isFalse();
    }
}
