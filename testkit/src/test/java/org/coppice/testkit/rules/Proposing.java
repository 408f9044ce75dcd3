package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Received;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/**
 * A group in which members propose what is valid alone. All support {@link #WIDE}, {@link #WIDE_TYPE} and {@link #SPARE}; all but
 * the one who is called "narrow" support {@link #SOME}, {@link #SOME_TYPE} and {@link #RARE} as well.
 */
final class Proposing {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final ExtensionType WIDE = new ExtensionType(0xf001);
    static final ExtensionType SOME = new ExtensionType(0xf002);
    static final ProposalType WIDE_TYPE = new ProposalType(0xf011);
    static final ProposalType SOME_TYPE = new ProposalType(0xf012);
    static final CredentialType SPARE = new CredentialType(0xf021);
    static final CredentialType RARE = new CredentialType(0xf022);
    static final Bytes KNOWN_PSK = Bytes.fromHex("01");

    final Scene scene;

    private Proposing(Scene scene) {
        this.scene = scene;
    }

    static Proposing of(String... names) throws MlsException {
        return of(policy -> policy, names);
    }

    static Proposing of(UnaryOperator<GroupPolicy.Builder> policy, String... names) throws MlsException {
        GroupPolicy.Builder plain = Scene.policy().toBuilder()
                .grease(false)
                .customProposals(Map.of(
                        WIDE_TYPE, CustomProposalRule.STRICT,
                        SOME_TYPE, CustomProposalRule.STRICT));
        Proposing out = new Proposing(Scene.empty(
                SUITE,
                builder -> builder.validator(new Trust())
                        .policy(policy.apply(plain).build())
                        .psks(id -> id.equals(KNOWN_PSK) ? Optional.of(Secret.wrap(new byte[32])) : Optional.empty())));
        for (String name : names) {
            out.client(name);
        }
        out.scene.withGroup(Extensions.EMPTY, names);
        // Parent nodes hold keys, too.
        for (String name : names) {
            out.scene.commit(name);
        }
        return out;
    }

    /** An application that believes anything, so that members may change their credentials. */
    private static final class Trust implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) {}

        @Override
        public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
            return true;
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.wrap(claim.credential().encoded());
        }
    }

    /** A client with the capabilities of all, who is in no group. */
    Actor client(String name) throws MlsException {
        Actor actor = scene.client(name);
        Capabilities plain = actor.client().capabilities();
        boolean narrow = name.equals("narrow");
        actor.become(actor.client()
                .withCapabilities(new Capabilities(
                        plain.versions(),
                        plain.cipherSuites(),
                        narrow ? List.of(WIDE) : List.of(WIDE, SOME),
                        narrow ? List.of(WIDE_TYPE) : List.of(WIDE_TYPE, SOME_TYPE),
                        narrow ? List.of(CredentialType.BASIC, SPARE) : List.of(CredentialType.BASIC, SPARE, RARE))));
        return actor;
    }

    LeafIndex leaf(String name) {
        return scene.group(name).ownLeaf();
    }

    LeafNode leafOf(String name) {
        return scene.group(name).state().member(leaf(name)).orElseThrow().leafNode();
    }

    HpkePublicKey freshKey() {
        return scene.actors().get(0).client().crypto().generateHpkeKeyPair().publicKey();
    }

    /** Has a member propose anything at all, of which its own client knows nothing; everybody else must take it. */
    ProposalRef propose(String sender, Proposal proposal) throws MlsException {
        return deliver(sender, scene.actor(sender).insider().proposal(proposal));
    }

    /** Delivers a proposal to all but its sender. */
    ProposalRef deliver(String sender, MlsMessage message) throws MlsException {
        ProposalRef ref = null;
        for (Actor actor : scene.actors()) {
            if (actor.group() != null && !actor.name().equals(sender)) {
                Received received = actor.group().receive(Scene.wire(message));
                assertThat(received).isInstanceOf(Received.ProposalCached.class);
                ref = ((Received.ProposalCached) received).ref();
            }
        }
        return ref;
    }

    /** An Update of a member's leaf with an encryption key that may belong to others. */
    Proposal.Update update(String name, HpkePublicKey key) throws MlsException {
        return update(name, key, content -> content, scene.actor(name).client().signer());
    }

    Proposal.Update update(String name, UnaryOperator<LeafNode.Content> change) throws MlsException {
        return update(name, freshKey(), change, scene.actor(name).client().signer());
    }

    Proposal.Update update(String name, HpkePublicKey key, UnaryOperator<LeafNode.Content> change, Signer signer)
            throws MlsException {
        Actor actor = scene.actor(name);
        return new Proposal.Update(LeafNode.sign(
                change.apply(leafOf(name).content()),
                key,
                new LeafNodeSource.Update(),
                new LeafNode.Position(actor.group().groupId(), leaf(name)),
                actor.client().crypto(),
                signer));
    }

    static UnaryOperator<LeafNode.Content> credential(CredentialType type) {
        return content -> new LeafNode.Content(
                content.signatureKey(),
                new Credential.Other(type, Bytes.fromHex("00")),
                content.capabilities(),
                content.extensions());
    }

    static UnaryOperator<LeafNode.Content> capabilities(UnaryOperator<Capabilities> change) {
        return content -> new LeafNode.Content(
                content.signatureKey(),
                content.credential(),
                change.apply(content.capabilities()),
                content.extensions());
    }

    static UnaryOperator<Capabilities> without(ExtensionType extension, ProposalType proposal, CredentialType type) {
        return old -> new Capabilities(
                old.versions(),
                old.cipherSuites(),
                old.extensions().stream().filter(one -> !one.equals(extension)).toList(),
                old.proposals().stream().filter(one -> !one.equals(proposal)).toList(),
                old.credentials().stream().filter(one -> !one.equals(type)).toList());
    }

    static Proposal.GroupContextExtensions extensions(ExtensionType type, int data) {
        return new Proposal.GroupContextExtensions(
                Extensions.of(new Extension(type, Bytes.wrap(new byte[] {(byte) data}))));
    }

    static Proposal.PreSharedKey psk(Bytes id, int nonce) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) nonce;
        return new Proposal.PreSharedKey(new PreSharedKeyId.External(id, Bytes.wrap(bytes)));
    }
}
