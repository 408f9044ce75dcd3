package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.delivery.contract.ContractTest.refusal;

import java.util.Optional;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.engine.Dialect;
import org.coppice.delivery.engine.InterposedEngine;
import org.coppice.mls.framing.MlsMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who comes in by itself is checked before the transaction that writes it, as that costs much; what the group's settings say then may
 * have been changed when it begins. Who was shut out in between came in.
 */
@ParameterizedClass
@EnumSource(Dialect.class)
class ChangedSettingsTest {
    @Parameter
    Dialect dialect;

    private InterposedEngine engine;
    private DeliveryService service;

    @BeforeEach
    void start() {
        engine = new InterposedEngine(dialect == Dialect.SQLITE ? Servers.sqlite() : Servers.postgres());
        service = Servers.open(engine, Servers.config());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Device device(String name, HandshakePolicy handshakes) throws Exception {
        return Device.of(Servers.inProcess(service), ClientId.parse(name + "/laptop"), handshakes);
    }

    private static GroupSettings settings(HandshakePolicy handshakes, ExternalJoinPolicy joins) {
        return new GroupSettings(handshakes, joins, Retention.OF_SERVICE);
    }

    /** Changes the settings of {@code device}'s group when everything was checked and is about to be written. */
    private void meanwhile(Device device, GroupSettings changed) {
        engine.beforeNextWrite(() -> {
            try {
                device.session().changeSettings(Device.request(), device.groupId(), changed);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void nobodyJoinsWhomTheSettingsHaveShutOutMeanwhile(HandshakePolicy handshakes) throws Exception {
        Device alice = device("alice", handshakes);
        Device bob = device("bob", handshakes);
        GroupSettings anyone = settings(handshakes, ExternalJoinPolicy.ANYONE);
        alice.create(anyone);
        alice.commit();
        meanwhile(alice, settings(handshakes, ExternalJoinPolicy.MEMBERS));
        assertThat(refusal(() -> bob.joinExternally(alice.groupId(), anyone)).kind())
                .isEqualTo(ProblemKind.UNKNOWN_GROUP);
        assertThat(alice.log(0)).hasSize(1);
        alice.commit();
    }

    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void nobodyAsksToBeAddedWhomTheSettingsHaveShutOutMeanwhile(HandshakePolicy handshakes) throws Exception {
        Device alice = device("alice", handshakes);
        Device bob = device("bob", handshakes);
        alice.create(settings(handshakes, ExternalJoinPolicy.ANYONE));
        alice.commit();
        MlsMessage asking =
                bob.client().proposeAdd(alice.groupId(), 1, bob.bundle().keyPackage());
        meanwhile(alice, settings(handshakes, ExternalJoinPolicy.NONE));
        assertThat(refusal(() -> bob.session().send(Device.request(), asking)).kind())
                .isEqualTo(ProblemKind.UNKNOWN_GROUP);
        assertThat(alice.log(0)).hasSize(1);
    }

    /** Nobody could join it until somebody else commits. */
    @ParameterizedTest
    @EnumSource(HandshakePolicy.class)
    void noCommitWithoutGroupInfoEntersAGroupThatHasBecomeOneToJoin(HandshakePolicy handshakes) throws Exception {
        Device alice = device("alice", handshakes);
        Device bob = device("bob", handshakes);
        bob.publish(1);
        alice.create(settings(handshakes, ExternalJoinPolicy.NONE));
        alice.invite(bob);
        var staged = bob.staged();
        CommitBundle bare = CommitBundle.of(staged.message(), Optional.empty(), Optional.empty());
        meanwhile(alice, settings(handshakes, ExternalJoinPolicy.ANYONE));
        ContractTest.refuses("GROUP_INFO_MISSING", () -> bob.session().commit(Device.request(), bare));
        bob.send(staged, bob.bundleOf(staged));
    }
}
