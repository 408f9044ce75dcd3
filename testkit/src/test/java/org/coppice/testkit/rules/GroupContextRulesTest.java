package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What changes from epoch to epoch, and what does not (RFC 9420 §8.1, §8.2, §8.5, §8.7). */
class GroupContextRulesTest {
    private static final ExtensionType FIRST = new ExtensionType(0xf001);
    private static final ExtensionType SECOND = new ExtensionType(0xf000);
    private static final Extensions EXTENSIONS =
            Extensions.of(new Extension(FIRST, Bytes.fromHex("01")), new Extension(SECOND, Bytes.fromHex("02")));

    private Scene scene;

    @BeforeEach
    void threeMembers() throws MlsException {
        scene = Scene.empty(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519);
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            Actor actor = scene.client(name);
            Capabilities plain = actor.client().capabilities();
            actor.become(actor.client()
                    .withCapabilities(new Capabilities(
                            plain.versions(),
                            plain.cipherSuites(),
                            List.of(FIRST, SECOND),
                            List.of(),
                            plain.credentials())));
        }
        scene.withGroup(EXTENSIONS, "alice", "bob", "carol");
    }

    private GroupState state() {
        return scene.group("alice").state();
    }

    @Test
    @Tag("R-8.1-02")
    @Tag("R-8.1-03")
    @Tag("R-8.1-04")
    @Tag("R-8.1-05")
    void onlyEpochTreeAndTranscriptChangeByThemselves() throws MlsException {
        for (int step = 0; step < 4; step++) {
            GroupState before = state();
            switch (step) {
                case 0 -> scene.commit("bob");
                case 1 -> scene.add("alice", "dave");
                case 2 -> {
                    scene.deliver("carol", scene.group("carol").proposeUpdate());
                    scene.commit("alice");
                }
                default ->
                    scene.follow(
                            "alice",
                            scene.group("alice")
                                    .commit()
                                    .remove(scene.group("carol").ownLeaf())
                                    .build());
            }
            GroupState after = state();
            assertThat(after.groupId()).isEqualTo(before.groupId());
            assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
            assertThat(after.context().treeHash())
                    .isEqualTo(after.tree().treeHash())
                    .isNotEqualTo(before.context().treeHash());
            assertThat(after.context().extensions()).isEqualTo(EXTENSIONS);
            assertThat(scene.group("bob").state()).isEqualTo(after);
        }
    }

    @Test
    @Tag("R-8.1-05")
    @Tag("R-8.1-06")
    void extensionsChangeByProposalAndKeepTheirOrder() throws MlsException {
        Extensions turned =
                Extensions.of(EXTENSIONS.entries().get(1), EXTENSIONS.entries().get(0));
        scene.follow("alice", scene.group("alice").commit().extensions(turned).build());
        assertThat(scene.group("bob").state().context().extensions().entries())
                .containsExactlyElementsOf(turned.entries());
        // A joiner decodes the same order: its epoch would be another one otherwise.
        scene.add("bob", "dave");
        assertThat(scene.group("dave").state().encodedContext()).isEqualTo(state().encodedContext());
        assertThat(scene.group("dave").epochAuthenticator())
                .isEqualTo(scene.group("alice").epochAuthenticator());
    }

    @Test
    @Tag("R-8.1-04")
    void theTreeHashIsThatOfTheTreeWithThePath() throws MlsException {
        StagedCommit commit = scene.group("alice").commit().build();
        RatchetTree tree = commit.nextState().tree();
        assertThat(tree).isNotEqualTo(state().tree());
        assertThat(commit.nextState().context().treeHash()).isEqualTo(tree.treeHash());
    }

    @Test
    @Tag("R-8.2-01")
    @Tag("R-8.2-02")
    @Tag("R-8.2-04")
    void transcriptHashesFollowFromTheCommit() throws MlsException {
        GroupState before = state();
        StagedCommit commit = scene.group("alice").commit().build();
        var content = ((PublicMessage) commit.message().body()).authenticated();
        TlsWriter confirmedInput = new TlsWriter()
                .raw(before.interimTranscriptHash())
                .uint16(1)
                .struct(content.content())
                .vector(content.signature());
        scene.follow("alice", commit);
        var crypto = scene.actor("alice").client().crypto();
        Bytes confirmed = state().context().confirmedTranscriptHash();
        assertThat(confirmed).isEqualTo(crypto.hash(confirmedInput));
        TlsWriter interimInput =
                new TlsWriter().raw(confirmed).vector(content.confirmationTag().orElseThrow());
        assertThat(state().interimTranscriptHash()).isEqualTo(crypto.hash(interimInput));
        // Who joins has it from the GroupInfo alone.
        scene.add("alice", "dave");
        assertThat(scene.group("dave").state().interimTranscriptHash()).isEqualTo(state().interimTranscriptHash());
        scene.commit("bob");
        assertThat(scene.group("dave").state()).isEqualTo(state());
    }

    @Test
    @Tag("R-8.7-01")
    void authenticatorsEqualWithinAnEpochAndDifferBetweenEpochs() throws MlsException {
        Bytes first = scene.group("alice").epochAuthenticator();
        assertThat(scene.group("bob").epochAuthenticator()).isEqualTo(first);
        scene.commit("carol");
        assertThat(scene.group("alice").epochAuthenticator())
                .isEqualTo(scene.group("bob").epochAuthenticator())
                .isNotEqualTo(first);
    }

    @Test
    @Tag("R-8.5-01")
    @Tag("R-8.5-02")
    @Tag("R-8.5-03")
    void exportedSecretsBelongToOneLabelAndOneEpoch() throws MlsException {
        Bytes first = export("alice", "purpose one");
        assertThat(export("bob", "purpose one")).isEqualTo(first);
        assertThat(export("alice", "purpose two")).isNotEqualTo(first);
        scene.commit("bob");
        assertThat(export("alice", "purpose one"))
                .isEqualTo(export("bob", "purpose one"))
                .isNotEqualTo(first);
    }

    private Bytes export(String name, String label) {
        try (Secret out = scene.group(name).export(label, Bytes.fromHex("c0"), 32)) {
            return Bytes.wrap(out.exposeCopy());
        }
    }
}
