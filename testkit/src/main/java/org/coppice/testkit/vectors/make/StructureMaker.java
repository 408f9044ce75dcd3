package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.PreparedPath;

/** One object of each structure: right in form, and only that. */
final class StructureMaker {
    private final Recipe recipe;
    private final PrivateTree tree;
    private final SignatureKeyPair keys;
    private final Signer signer;

    private StructureMaker(Recipe recipe) throws MlsException {
        this.recipe = recipe;
        this.tree = PrivateTree.grown(
                recipe, recipe.hashBytes(), 2 + recipe.random().below(3));
        this.keys = recipe.crypto().generateSignatureKeyPair();
        this.signer = recipe.crypto().signer(keys);
    }

    static void make(ObjectNode out, Recipe recipe) throws MlsException {
        StructureMaker maker = new StructureMaker(recipe);
        maker.messages(out);
        maker.proposals(out);
        maker.framed(out);
    }

    private void messages(ObjectNode out) throws MlsException {
        Welcome welcome = new Welcome(
                recipe.crypto().suite(),
                List.of(WelcomeMaker.stranger(recipe), WelcomeMaker.stranger(recipe)),
                recipe.bytes(200));
        Recipe.put(out, "mls_welcome", new MlsMessage(new MlsMessage.Welcome(welcome)));
        Bytes encodedTree = Recipe.encode(tree.tree());
        GroupInfo info = GroupInfo.sign(
                WelcomeMaker.groupContext(recipe),
                Extensions.of(new Extension(ExtensionType.RATCHET_TREE, encodedTree)),
                recipe.hashBytes(),
                new LeafIndex(0),
                recipe.crypto(),
                signer);
        Recipe.put(out, "mls_group_info", new MlsMessage(new MlsMessage.GroupInfo(info)));
        Recipe.put(out, "mls_key_package", new MlsMessage(new MlsMessage.KeyPackage(tree.keyPackage())));
        Recipe.put(out, "ratchet_tree", encodedTree);
        Recipe.put(out, "group_secrets", WelcomeMaker.groupSecrets(recipe, List.of(psk(), psk())));
    }

    private PreSharedKeyId psk() {
        return recipe.random().chance(50)
                ? new PreSharedKeyId.External(recipe.hashBytes(), recipe.hashBytes())
                : new PreSharedKeyId.Resumption(
                        ResumptionPskUsage.values()[recipe.random().below(3)],
                        recipe.hashBytes(),
                        recipe.number(),
                        recipe.hashBytes());
    }

    private void proposals(ObjectNode out) throws MlsException {
        body(out, "add_proposal", new Proposal.Add(tree.keyPackage()));
        body(out, "update_proposal", new Proposal.Update(tree.update(new LeafIndex(1))));
        body(out, "remove_proposal", new Proposal.Remove(new LeafIndex(recipe.number())));
        body(out, "pre_shared_key_proposal", new Proposal.PreSharedKey(psk()));
        body(
                out,
                "re_init_proposal",
                new Proposal.ReInit(
                        recipe.hashBytes(),
                        ProtocolVersion.MLS10,
                        new CipherSuite(1 + recipe.random().below(7)),
                        extensions()));
        body(out, "external_init_proposal", new Proposal.ExternalInit(recipe.hashBytes()));
        body(out, "group_context_extensions_proposal", new Proposal.GroupContextExtensions(extensions()));
        Recipe.put(out, "commit", commit());
    }

    private Extensions extensions() {
        RequiredCapabilities required = new RequiredCapabilities(
                List.of(new ExtensionType(0x3a3a)), List.of(new ProposalType(0xff00)), List.of(CredentialType.BASIC));
        ExternalSender sender = new ExternalSender(keys.publicKey(), Credential.basic(recipe.hashBytes()));
        return Extensions.of(
                required.toExtension(),
                ExternalSender.toExtension(List.of(sender)),
                new Extension(
                        new ExtensionType(0xff01), recipe.bytes(recipe.random().below(80))));
    }

    private static void body(ObjectNode out, String name, Proposal proposal) {
        TlsWriter writer = new TlsWriter();
        proposal.encodeBodyTo(writer);
        Recipe.put(out, name, writer.toBytes());
    }

    private Commit commit() throws MlsException {
        try (PreparedPath path = tree.prepare(new LeafIndex(0))) {
            return new Commit(
                    List.of(
                            new Commit.ByValue(new Proposal.PreSharedKey(psk())),
                            new Commit.ByReference(new ProposalRef(recipe.hashBytes()))),
                    Optional.of(tree.encrypt(path, recipe.hashBytes())));
        }
    }

    private void framed(ObjectNode out) throws MlsException {
        AuthenticatedContent application =
                sign(new Content.Application(recipe.bytes(recipe.random().below(60))));
        // §6 forbids this one, so the library cannot make it.
        TlsWriter forbidden = new TlsWriter()
                .struct(ProtocolVersion.MLS10)
                .struct(WireFormat.PUBLIC_MESSAGE)
                .struct(application.content())
                .vector(application.signature())
                .vector(recipe.hashBytes());
        Recipe.put(out, "public_message_application", forbidden.toBytes());
        Recipe.put(
                out,
                "public_message_proposal",
                publicMessage(sign(new Content.Proposal(new Proposal.Add(tree.keyPackage())))));
        Recipe.put(
                out,
                "public_message_commit",
                publicMessage(sign(new Content.Commit(commit())).withConfirmationTag(recipe.hashBytes())));
        PrivateMessage hidden = new PrivateMessage(
                recipe.hashBytes(),
                recipe.number(),
                ContentType.values()[recipe.random().below(3)],
                recipe.bytes(recipe.random().below(20)),
                recipe.bytes(28),
                recipe.bytes(100 + recipe.random().below(100)));
        Recipe.put(out, "private_message", new MlsMessage(hidden));
    }

    private AuthenticatedContent sign(Content content) throws MlsException {
        FramedContent framed = FramedContent.of(
                new FramedContent.Header(recipe.hashBytes(), recipe.number(), Bytes.EMPTY),
                new Sender.Member(new LeafIndex(recipe.random().below(100))),
                content);
        return AuthenticatedContent.sign(
                WireFormat.PUBLIC_MESSAGE, framed, recipe.hashBytes(), recipe.crypto(), signer);
    }

    private MlsMessage publicMessage(AuthenticatedContent content) {
        return new MlsMessage(new PublicMessage(content, Optional.of(recipe.hashBytes())));
    }
}
