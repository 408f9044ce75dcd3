package org.coppice.testkit.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.coppice.client.model.Connector;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;
import org.coppice.testkit.contract.ContractCase;
import org.coppice.testkit.contract.Crew;
import org.coppice.testkit.contract.Demand;

/**
 * What every {@link DeliverySession} promises as far as the SDK builds on it, for groups of public handshakes. Not asked is how long a
 * service keeps things, what it limits, and whom it lets in.
 */
public final class DeliveryContract {
    private static final Duration NOW = Peer.NOW;

    private final Connector service;
    /** In the names of this run's users, for a service that has others from earlier runs. */
    private final String run = Bytes.wrap(Randomness.system().bytes(6)).toHex();

    private int people;

    private DeliveryContract(Connector service) {
        this.service = service;
    }

    /**
     * The promises of a service, which may have other content.
     *
     * @param service registers a client that it does not know when that connects first, as a user of its own
     */
    public static List<ContractCase> cases(Connector service) {
        DeliveryContract contract = new DeliveryContract(service);
        WaitingPromises waiting = new WaitingPromises(contract, service);
        return List.of(
                new ContractCase("a key package is claimed once", contract::claimsOnce),
                new ContractCase("the last resort is given when nothing else is left", contract::givesLastResort),
                new ContractCase("nobody of an unknown name is claimed", contract::knowsNobody),
                new ContractCase("a write is done once", contract::writesOnce),
                new ContractCase("a refused write leaves no outcome", contract::forgetsRefusals),
                new ContractCase("a group is created once, by a member", contract::createsOnce),
                new ContractCase("an epoch takes one Commit", contract::takesOneCommit),
                new ContractCase("of many Commits at once one is taken", contract::decidesRaces),
                new ContractCase("a Commit that members would refuse is refused", contract::refusesForgeries),
                new ContractCase("who is added gets the Welcome and reads from there", contract::welcomes),
                new ContractCase("who is removed reads up to there and says no more", contract::removes),
                new ContractCase("a log has no gaps and is read in pages", contract::numbersEntries),
                new ContractCase("a late message is taken, a later one is not", contract::takesLateMessages),
                new ContractCase("strangers see nothing of a group", contract::hidesFromStrangers),
                new ContractCase("a reader that waits is woken", waiting::wakesReaders),
                new ContractCase("hints tell what there is and what comes", waiting::hints),
                new ContractCase("hints come one at a time, on a thread of their own", waiting::hintsInTurn),
                new ContractCase("closing a session ends what waits in it", waiting::endsWhatWaits),
                new ContractCase("settings are kept", contract::keepsSettings),
                new ContractCase("reports name entries", contract::takesReports),
                new ContractCase("the SDK talks, races and comes back", waiting::carriesTheSdk));
    }

    synchronized ClientId someone() {
        return ClientId.parse("p" + run + "x" + ++people + "/device");
    }

    Peer peer() throws Exception {
        return Peer.of(service, someone()).published();
    }

    private static void refuses(ProblemKind kind, String what, Callable<?> call) {
        DeliveryException refusal = Demand.refusal(what, DeliveryException.class, call);
        Demand.equal(what, kind, refusal.kind());
    }

    // ---- key packages

    private void claimsOnce() throws Exception {
        try (Peer alice = peer();
                Peer bob = peer()) {
            Set<Bytes> seen = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                ClaimResult result =
                        alice.session.claimKeyPackages(Peer.request(), ClaimRequest.of(bob.id.user(), Peer.SUITE));
                Demand.equal("claimed", 1, result.claimed().size());
                Demand.equal("of whom", bob.id, result.claimed().get(0).client());
                Demand.that(
                        "another one each time",
                        seen.add(Bytes.wrap(result.claimed().get(0).keyPackage().encoded())));
            }
            ClaimResult none = alice.session.claimKeyPackages(Peer.request(), ClaimRequest.of(bob.id, Peer.SUITE));
            Demand.equal("a client without key packages", List.of(bob.id), none.without());
            Demand.equal(
                    "its stock", 0, bob.session.keyPackageStock().of(Peer.SUITE).ordinary());
        }
    }

    private void givesLastResort() throws Exception {
        try (Peer alice = peer();
                Peer bob = Peer.of(service, someone())) {
            bob.session.publishKeyPackages(Peer.request(), bob.keyPackages(1), Optional.of(bob.lastResort()));
            ClaimRequest what = ClaimRequest.of(bob.id, Peer.SUITE);
            List<Boolean> last = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                last.add(alice.session
                        .claimKeyPackages(Peer.request(), what)
                        .claimed()
                        .get(0)
                        .lastResort());
            }
            Demand.equal("last resorts", List.of(false, true, true), last);
            long uses = bob.session
                    .keyPackageStock()
                    .of(Peer.SUITE)
                    .lastResort()
                    .orElseThrow()
                    .uses();
            Demand.equal("uses", 2L, uses);
        }
    }

    private void knowsNobody() throws Exception {
        try (Peer alice = peer()) {
            UserName nobody = someone().user();
            refuses(
                    ProblemKind.UNKNOWN_CLIENT,
                    "a claim",
                    () -> alice.session.claimKeyPackages(Peer.request(), ClaimRequest.of(nobody, Peer.SUITE)));
            refuses(ProblemKind.UNKNOWN_CLIENT, "a look", () -> alice.session.clientsOf(nobody));
            Demand.equal("oneself", List.of(alice.id), alice.session.clientsOf(alice.id.user()));
        }
    }

    // ---- requests

    private void writesOnce() throws Exception {
        try (Peer alice = peer().creates()) {
            RequestId id = Peer.request();
            MlsMessage message = alice.message("once");
            Demand.equal("an unknown request", Optional.empty(), alice.session.outcome(id));
            Appended first = alice.session.send(id, message);
            Appended second = alice.session.send(id, message);
            Demand.that("the first answer is the first", !first.repeated());
            Demand.equal("the second answer", first.asRepeated(), second);
            Demand.equal("entries", 1, alice.reads(alice.groupId(), 0).size());
            Outcome outcome = alice.session.outcome(id).orElseThrow();
            Demand.equal(
                    "the place that was kept",
                    first.seq(),
                    ((Outcome.OfAppend) outcome).appended().seq());
            MlsMessage other = alice.message("another");
            refuses(ProblemKind.REQUEST_ID_REUSED, "another request", () -> alice.session.send(id, other));
        }
    }

    private void forgetsRefusals() throws Exception {
        try (Peer alice = peer().creates()) {
            StagedCommit late = alice.group.commit().build();
            CommitBundle bundle = Peer.bundle(late);
            alice.commits();
            RequestId id = Peer.request();
            refuses(ProblemKind.STALE_EPOCH, "a late Commit", () -> alice.session.commit(id, bundle));
            Demand.equal("its outcome", Optional.empty(), alice.session.outcome(id));
        }
    }

    // ---- groups

    private void createsOnce() throws Exception {
        try (Peer alice = peer().creates();
                Peer bob = peer()) {
            MlsMessage info = alice.group.groupInfo(false);
            refuses(
                    ProblemKind.DUPLICATE_GROUP,
                    "the same id",
                    () -> alice.session.createGroup(Peer.request(), info, alice.tree(), GroupSettings.DEFAULT));
            Group elsewhere = alice.groupElsewhere();
            MlsMessage foreign = elsewhere.groupInfo(true);
            refuses(
                    ProblemKind.REFUSED,
                    "a group of others",
                    () -> bob.session.createGroup(Peer.request(), foreign, Optional.empty(), GroupSettings.DEFAULT));
        }
    }

    private void takesOneCommit() throws Exception {
        try (Peer alice = peer().creates();
                Peer bob = peer()) {
            alice.invites(bob);
            StagedCommit hers = alice.group.commit().build();
            StagedCommit his = bob.group.commit().build();
            Appended taken = alice.session.commit(Peer.request(), Peer.bundle(hers));
            Demand.equal("the epoch", 2L, taken.epoch());
            DeliveryException lost = Demand.refusal(
                    "a second Commit",
                    DeliveryException.class,
                    () -> bob.session.commit(Peer.request(), Peer.bundle(his)));
            Demand.equal("why", ProblemKind.STALE_EPOCH, lost.kind());
            Demand.equal("the epoch it names", Optional.of(2L), lost.problem().epoch());
            Demand.equal("the log", List.of(taken.seq()), bob.readsNumbers(bob.groupId(), taken.seq() - 1));
        }
    }

    private void decidesRaces() throws Exception {
        try (Peer alice = peer().creates()) {
            List<CommitBundle> rivals = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                rivals.add(Peer.bundle(alice.group.commit().build()));
            }
            BlockingQueue<Appended> taken = new LinkedBlockingQueue<>();
            Crew crew = new Crew();
            for (CommitBundle rival : rivals) {
                crew.go(() -> {
                    try {
                        taken.add(alice.session.commit(Peer.request(), rival));
                    } catch (DeliveryException e) {
                        Demand.equal("who lost", ProblemKind.STALE_EPOCH, e.kind());
                    }
                });
            }
            crew.await();
            Demand.equal("taken", 1, taken.size());
            Demand.equal("entries", 1, alice.reads(alice.groupId(), 0).size());
        }
    }

    private void refusesForgeries() throws Exception {
        try (Peer alice = peer().creates();
                Peer mallory = peer()) {
            alice.invites(mallory);
            CommitBundle hers = Peer.bundle(alice.group.commit().build());
            refuses(
                    ProblemKind.NOT_ALLOWED,
                    "another member's Commit",
                    () -> mallory.session.commit(Peer.request(), hers));
            StagedCommit one = alice.group.commit().build();
            CommitBundle wrongInfo =
                    CommitBundle.of(one.message(), Optional.empty(), Optional.of(alice.group.groupInfo(false)));
            Demand.refusal(
                    "a GroupInfo of another epoch",
                    DeliveryException.class,
                    () -> alice.session.commit(Peer.request(), wrongInfo));
            Demand.equal("entries", 1, alice.reads(alice.groupId(), 0).size());
            alice.commits();
        }
    }

    private void welcomes() throws Exception {
        try (Peer alice = peer().creates();
                Peer bob = peer()) {
            alice.says("before");
            Appended added = alice.commits(alice.adding(bob));
            alice.says("after");
            InboxEntry entry = bob.joins();
            Demand.equal("the group", alice.groupId(), entry.groupId());
            Demand.equal("the Commit's place", added.seq(), entry.logSeq());
            Demand.equal("the epoch", added.epoch(), entry.epoch());
            Demand.equal("agreement", alice.group.epochAuthenticator(), bob.group.epochAuthenticator());
            Demand.equal("what he reads", List.of(added.seq(), added.seq() + 1), bob.readsNumbers(bob.groupId(), 0));
            bob.session.acknowledgeInbox(entry.seq());
            bob.session.acknowledgeInbox(entry.seq());
            Demand.equal("the inbox", List.of(), bob.session.inbox(0, 10, NOW));
            Demand.equal("hers", List.of(), alice.session.inbox(0, 10, NOW));
        }
    }

    private void removes() throws Exception {
        try (Peer alice = peer().creates();
                Peer bob = peer()) {
            alice.invites(bob);
            MlsMessage parting = bob.message("wait");
            Appended removed = alice.commits(alice.group.commit().remove(bob.group.ownLeaf()));
            alice.says("he is gone");
            LogPage page = bob.session.read(alice.groupId(), removed.seq() - 1, 100, NOW);
            Demand.equal("what he reads", 1, page.entries().size());
            Demand.equal("his head", removed.seq(), page.head());
            refuses(ProblemKind.NOT_ALLOWED, "a message", () -> bob.session.send(Peer.request(), parting));
            Demand.equal("his groups", List.of(false), heads(bob));
            Demand.equal("hers", List.of(true), heads(alice));
        }
    }

    private static List<Boolean> heads(Peer peer) throws Exception {
        return peer.session.groups().stream().map(GroupHead::member).toList();
    }

    private void numbersEntries() throws Exception {
        try (Peer alice = peer().creates()) {
            for (int i = 0; i < 5; i++) {
                alice.says("message " + i);
            }
            alice.commits();
            Demand.equal("all", List.of(1L, 2L, 3L, 4L, 5L, 6L), alice.readsNumbers(alice.groupId(), 0));
            LogPage page = alice.session.read(alice.groupId(), 2, 2, NOW);
            Demand.equal(
                    "a page",
                    List.of(3L, 4L),
                    page.entries().stream().map(LogEntry::seq).toList());
            Demand.equal("the head", 6L, page.head());
            Demand.equal("the epoch", 1L, page.epoch());
            Demand.equal(
                    "the kinds",
                    List.of(EntryKind.APPLICATION, EntryKind.COMMIT),
                    alice.reads(alice.groupId(), 4).stream().map(LogEntry::kind).toList());
        }
    }

    private void takesLateMessages() throws Exception {
        try (Peer alice = peer().creates()) {
            MlsMessage first = alice.message("of epoch 0");
            MlsMessage second = alice.message("of epoch 0, too");
            alice.commits();
            alice.session.send(Peer.request(), first);
            for (int i = 0; i < 20; i++) {
                alice.commits();
            }
            refuses(ProblemKind.STALE_EPOCH, "a message of long ago", () -> alice.session.send(Peer.request(), second));
            alice.group.merge(alice.group.commit().build());
            MlsMessage early = alice.message("of an epoch that is not yet");
            refuses(ProblemKind.STALE_EPOCH, "a message too early", () -> alice.session.send(Peer.request(), early));
        }
    }

    private void hidesFromStrangers() throws Exception {
        try (Peer alice = peer().creates();
                Peer eve = peer()) {
            Bytes id = alice.groupId();
            MlsMessage message = alice.message("overheard");
            refuses(ProblemKind.UNKNOWN_GROUP, "the log", () -> eve.session.read(id, 0, 1, NOW));
            refuses(ProblemKind.UNKNOWN_GROUP, "the tree", () -> eve.session.ratchetTree(id, 0));
            refuses(ProblemKind.UNKNOWN_GROUP, "the GroupInfo", () -> eve.session.groupInfo(id));
            refuses(ProblemKind.UNKNOWN_GROUP, "the settings", () -> eve.session.settings(id));
            Demand.refusal("a message", DeliveryException.class, () -> eve.session.send(Peer.request(), message));
            Demand.equal("her groups", List.of(), eve.session.groups());
        }
    }

    // ---- the rest

    private void keepsSettings() throws Exception {
        try (Peer alice = peer().creates()) {
            GroupSettings open = new GroupSettings(
                    GroupSettings.DEFAULT.handshakes(), ExternalJoinPolicy.ANYONE, GroupSettings.DEFAULT.retention());
            Demand.equal("at first", GroupSettings.DEFAULT, alice.session.settings(alice.groupId()));
            alice.session.changeSettings(Peer.request(), alice.groupId(), open);
            Demand.equal("afterwards", open, alice.session.settings(alice.groupId()));
            try (Peer eve = peer()) {
                Demand.equal(
                        "the GroupInfo that she may have now",
                        Optional.of(alice.groupId()),
                        eve.session.groupInfo(alice.groupId()).groupId());
            }
        }
    }

    private void takesReports() throws Exception {
        try (Peer alice = peer().creates()) {
            Appended entry = alice.says("garbled");
            alice.session.report(Peer.request(), new CannotProcess(alice.groupId(), entry.seq(), "MEMBERSHIP_TAG"));
            CannotProcess absent = new CannotProcess(alice.groupId(), entry.seq() + 1, "MEMBERSHIP_TAG");
            refuses(ProblemKind.UNKNOWN, "an entry that is not", () -> {
                alice.session.report(Peer.request(), absent);
                return null;
            });
        }
    }
}
