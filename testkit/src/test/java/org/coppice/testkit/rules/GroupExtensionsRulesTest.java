package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.rules.Refusals.refuses;
import static org.coppice.testkit.rules.Refusals.refusesThenFollows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The extensions of a group and what they ask of its members (RFC 9420 §11.1, §12.1.7, §12.3). */
class GroupExtensionsRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final LeafIndex CAROL = new LeafIndex(2);
    private static final ExtensionType SPECIAL = new ExtensionType(0xf123);
    private static final ProposalType CUSTOM = new ProposalType(0xf010);
    private static final CredentialType RARE = new CredentialType(0xf001);

    private static final RequiredCapabilities NEEDS_EXTENSION =
            new RequiredCapabilities(List.of(SPECIAL), List.of(), List.of());
    private static final RequiredCapabilities NEEDS_PROPOSAL =
            new RequiredCapabilities(List.of(), List.of(CUSTOM), List.of());
    private static final RequiredCapabilities NEEDS_CREDENTIAL =
            new RequiredCapabilities(List.of(), List.of(), List.of(RARE));
    private static final List<RequiredCapabilities> NEEDS = List.of(NEEDS_EXTENSION, NEEDS_PROPOSAL, NEEDS_CREDENTIAL);

    private Scene scene;
    private Actor alice;
    private Actor bob;

    @BeforeEach
    void aGroupWhereCarolSupportsLess() throws MlsException {
        scene = Scene.empty(SUITE);
        able("alice");
        able("bob");
        scene.withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
    }

    private Actor able(String name) throws MlsException {
        Actor actor = scene.client(name);
        Capabilities plain = actor.client().capabilities();
        List<CredentialType> credentials = new ArrayList<>(plain.credentials());
        credentials.add(RARE);
        actor.become(actor.client()
                .withCapabilities(new Capabilities(
                        plain.versions(), plain.cipherSuites(), List.of(SPECIAL), List.of(CUSTOM), credentials)));
        return actor;
    }

    private static Extensions only(RequiredCapabilities required) {
        return Extensions.of(required.toExtension());
    }

    private static Extensions special(int content) {
        return Extensions.of(new Extension(SPECIAL, Bytes.wrap(new byte[] {(byte) content})));
    }

    private KeyPackage keyPackage(String name) throws MlsException {
        return KeyPackageForge.of(scene.client(name).client()).make();
    }

    /** Alice neither commits these extensions, nor does bob follow who does, but he follows an honest Commit. */
    private void refusesExtensions(Rule rule, Extensions extensions) throws Exception {
        Group group = alice.group();
        refuses(rule, alice, () -> group.commit().extensions(extensions).build());
        Insider insider = alice.insider();
        refusesThenFollows(
                rule,
                bob,
                insider.commit(
                        List.of(new Proposal.GroupContextExtensions(extensions)),
                        Optional.of(insider.path(group.state().tree()))),
                group.commit().build());
        scene.group("carol")
                .merge(scene.group("carol").stage(group.pendingCommits().get(0).message()));
        group.merge(group.pendingCommits().get(0));
    }

    @Test
    @Tag("R-11.1-01")
    void encodesRequiredCapabilitiesAsThreeVectors() {
        RequiredCapabilities all = new RequiredCapabilities(List.of(SPECIAL), List.of(CUSTOM), List.of(RARE));

        assertThat(all.toExtension().data().toHex()).isEqualTo("02f123" + "02f010" + "02f001");
        assertThat(all.toExtension().type().value()).isEqualTo(3);
    }

    @Test
    @Tag("R-11.1-02")
    void rejectsUpdateThatDropsTheSuite() throws MlsException {
        Capabilities less = new Capabilities(
                alice.client().capabilities().versions(),
                List.of(CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256),
                List.of(),
                List.of(),
                alice.client().capabilities().credentials());

        refuses(
                Rule.LEAF_VERSION_OR_SUITE,
                alice,
                () -> alice.group().proposeUpdate(LeafUpdate.KEY_ONLY.withCapabilities(less), SendOptions.DEFAULT));
        refuses(
                Rule.LEAF_VERSION_OR_SUITE,
                alice,
                () -> alice.group()
                        .commit()
                        .leaf(LeafUpdate.KEY_ONLY.withCapabilities(less))
                        .build());
    }

    @Test
    @Tag("R-11.1-03")
    void needsNoListingOfDefaultTypes() throws MlsException {
        RequiredCapabilities defaults = new RequiredCapabilities(
                List.of(
                        ExtensionType.APPLICATION_ID,
                        ExtensionType.RATCHET_TREE,
                        ExtensionType.REQUIRED_CAPABILITIES,
                        ExtensionType.EXTERNAL_PUB,
                        ExtensionType.EXTERNAL_SENDERS),
                List.of(
                        ProposalType.ADD,
                        ProposalType.UPDATE,
                        ProposalType.REMOVE,
                        ProposalType.PSK,
                        ProposalType.REINIT,
                        ProposalType.EXTERNAL_INIT,
                        ProposalType.GROUP_CONTEXT_EXTENSIONS),
                List.of());

        scene.follow("alice", alice.group().commit().extensions(only(defaults)).build());

        assertThat(bob.group().state().context().extensions()).isEqualTo(only(defaults));
    }

    @Test
    @Tag("R-11.1-03")
    void knowsNoDefaultCredentialTypes() throws Exception {
        Actor dave = scene.client("dave");
        Capabilities plain = dave.client().capabilities();
        KeyPackage onlyBasic = KeyPackageForge.of(dave.client()
                        .withCapabilities(new Capabilities(
                                plain.versions(),
                                plain.cipherSuites(),
                                List.of(),
                                List.of(),
                                List.of(CredentialType.BASIC))))
                .make();
        RequiredCapabilities x509 = new RequiredCapabilities(List.of(), List.of(), List.of(CredentialType.X509));
        scene.follow("alice", alice.group().commit().extensions(only(x509)).build());

        refuses(Rule.LEAF_REQUIRED_CAPABILITIES, bob, alice.insider().proposal(new Proposal.Add(onlyBasic)));
    }

    @Test
    @Tag("R-11.1-04")
    void rejectsAddOfClientWithoutRequiredCapabilities() throws Exception {
        scene.follow("alice", alice.group().commit().remove(CAROL).build());
        for (RequiredCapabilities required : NEEDS) {
            scene.follow(
                    "alice", alice.group().commit().extensions(only(required)).build());
            KeyPackage dave = keyPackage("dave");
            Group group = alice.group();

            refuses(
                    Rule.LEAF_REQUIRED_CAPABILITIES,
                    alice,
                    () -> group.commit().add(dave).build());
            refusesThenFollows(
                    Rule.LEAF_REQUIRED_CAPABILITIES,
                    bob,
                    alice.insider().commit(List.of(new Proposal.Add(dave)), Optional.empty()),
                    group.commit().build());
            group.merge(group.pendingCommits().get(0));
        }
    }

    @Test
    @Tag("R-11.1-05")
    @Tag("R-12.1.7-01")
    @Tag("R-12.2-04")
    void rejectsRequiredCapabilitiesThatSomeMemberLacks() throws Exception {
        for (RequiredCapabilities required : NEEDS) {
            refusesExtensions(Rule.GCE_REQUIRED_CAPABILITIES, only(required));
        }
    }

    @Test
    @Tag("R-12.1.7-03")
    void rejectsExtensionThatSomeMemberDoesNotSupport() throws Exception {
        refusesExtensions(Rule.GROUP_EXTENSION_NOT_SUPPORTED, special(1));
    }

    @Test
    @Tag("R-12.1.7-01")
    @Tag("R-12.1.7-03")
    void doesNotAskRemovedMembers() throws MlsException {
        Extensions both = special(1).with(NEEDS_PROPOSAL.toExtension());

        scene.follow(
                "alice", alice.group().commit().remove(CAROL).extensions(both).build());

        assertThat(bob.group().state()).isEqualTo(alice.group().state());
        assertThat(bob.group().state().context().extensions()).isEqualTo(both);
    }

    @Test
    @Tag("R-12.1.7-02")
    @Tag("R-12.3-01")
    void replacesTheWholeList() throws MlsException {
        scene.follow(
                "alice",
                alice.group()
                        .commit()
                        .remove(CAROL)
                        .extensions(special(1).with(NEEDS_EXTENSION.toExtension()))
                        .build());
        scene.follow("bob", bob.group().commit().extensions(special(2)).build());

        assertThat(alice.group().state().context().extensions()).isEqualTo(special(2));
        scene.follow("bob", bob.group().commit().extensions(Extensions.EMPTY).build());
        assertThat(alice.group().state().context().extensions()).isEqualTo(Extensions.EMPTY);
    }

    @Test
    @Tag("R-12.1.7-01")
    @Tag("R-12.3-01")
    @Tag("R-12.3-02")
    void judgesAddsByTheExtensionsOfTheSameCommit() throws Exception {
        scene.follow("alice", alice.group().commit().remove(CAROL).build());
        KeyPackage less = keyPackage("dave");
        Proposal extensions = new Proposal.GroupContextExtensions(only(NEEDS_EXTENSION));
        Group group = alice.group();
        for (List<Proposal> list :
                List.of(List.of(new Proposal.Add(less), extensions), List.of(extensions, new Proposal.Add(less)))) {
            refuses(Rule.LEAF_REQUIRED_CAPABILITIES, bob, alice.insider().commit(list, Optional.empty()));
        }
        refuses(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                alice,
                () -> group.commit().add(less).propose(extensions).build());

        KeyPackage enough = KeyPackageForge.of(able("erin").client()).make();
        scene.follow("alice", group.commit().add(enough).propose(extensions).build());
        assertThat(bob.group().roster()).hasSize(3);
    }

    @Test
    @Tag("R-12.3-02")
    void judgesAddsThatCameBeforeByTheNewExtensions() throws Exception {
        scene.follow("alice", alice.group().commit().remove(CAROL).build());
        Insider insider = alice.insider();
        ProposalRef add = ((Received.ProposalCached)
                        bob.group().receive(insider.proposal(new Proposal.Add(keyPackage("dave")))))
                .ref();

        refuses(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                bob,
                insider.commit(new Commit(
                        List.of(
                                new Commit.ByReference(add),
                                new Commit.ByValue(new Proposal.GroupContextExtensions(only(NEEDS_EXTENSION)))),
                        Optional.empty())));
    }

    @Test
    @Tag("R-12.3-02")
    void allowsAddThatOnlyTheOldExtensionsForbid() throws MlsException {
        scene.follow(
                "alice",
                alice.group()
                        .commit()
                        .remove(CAROL)
                        .extensions(only(NEEDS_EXTENSION))
                        .build());

        scene.follow(
                "alice",
                alice.group()
                        .commit()
                        .add(keyPackage("dave"))
                        .extensions(Extensions.EMPTY)
                        .build());

        assertThat(bob.group().roster()).hasSize(3);
    }
}
