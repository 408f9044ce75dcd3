package org.coppice.testkit.rules;

import static org.coppice.testkit.rules.Refusals.refusesThenFollows;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Received;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;

/** Alice commits lists of proposals, and bob judges them. */
abstract class CommitListScene {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final LeafIndex ALICE = new LeafIndex(0);
    static final LeafIndex BOB = new LeafIndex(1);
    static final LeafIndex CAROL = new LeafIndex(2);
    static final ProposalType CUSTOM = new ProposalType(0xf010);

    Scene scene;
    Actor bob;
    Insider alice;

    @BeforeEach
    void aGroupOfThree() throws MlsException {
        enter(Scene.of("alice", "bob", "carol"));
    }

    void enter(Scene entered) throws MlsException {
        scene = entered;
        bob = scene.actor("bob");
        alice = scene.actor("alice").insider();
    }

    /** Bob refuses alice's Commit of these proposals by value, and follows an honest one afterwards. */
    void refusesByValue(Rule rule, Proposal... proposals) throws Exception {
        MlsMessage bad = alice.commit(List.of(proposals), Optional.empty());
        refusesThenFollows(rule, bob, bad, scene.group("alice").commit().build());
    }

    ProposalRef deliverToAll(String sender, MlsMessage proposal) throws MlsException {
        Optional<ProposalRef> ref = Optional.empty();
        for (Actor actor : scene.actors()) {
            if (actor.group() != null && !actor.name().equals(sender)) {
                ref = Optional.of(((Received.ProposalCached) actor.group().receive(Scene.wire(proposal))).ref());
            }
        }
        return ref.orElseThrow();
    }

    KeyPackage keyPackage(String name) throws MlsException {
        return KeyPackageForge.of(scene.client(name).client()).make();
    }
}
