package org.coppice.fuzz.mls;

import java.util.Arrays;
import java.util.List;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;
import org.coppice.testkit.forge.WelcomeForge;

/** Makes seeds with one thing wrong each, which are read to the end and have to be refused. */
final class BadSeeds {
    /** Where nobody stands. */
    private static final LeafIndex BLANK = new LeafIndex(6);

    private final World world;
    private final SuiteCrypto crypto;

    BadSeeds(World world) {
        this.world = world;
        this.crypto = world.person("alice").client().crypto();
    }

    /** Writes them. */
    void write() throws MlsException {
        messages();
        contents();
        welcomes();
        groupInfos();
    }

    // ---- messages

    private void messages() throws MlsException {
        Insider carol = world.person("carol").insider();
        AuthenticatedContent content = carol.sign(WireFormat.PUBLIC_MESSAGE, removal(gina()));
        message("membership-tag", withoutEnd(carol.publicMessage(content).encoded()));
        message("signature", carol.publicMessage(withSignature(content)).encoded());
        message("index", carol.at(gina()).proposal(removal(gina()).proposal()).encoded());
        message(
                "ciphertext",
                withoutEnd(world.person("alice").group().encrypt(new byte[100]).encoded()));
        message("replay", world.taken().encoded());
        message("truncated-path", truncated().encoded());
    }

    private static AuthenticatedContent withSignature(AuthenticatedContent content) {
        return new AuthenticatedContent(
                content.wireFormat(), content.content(), flipped(content.signature()), content.confirmationTag());
    }

    private LeafIndex gina() throws MlsException {
        return world.person("gina").group().ownLeaf();
    }

    private static Content.Proposal removal(LeafIndex leaf) {
        return new Content.Proposal(new Proposal.Remove(leaf));
    }

    private static void message(String name, byte[] encoded) {
        Seeds.write(Targets.MESSAGE, "bad-" + name, encoded);
    }

    // ---- content that is signed anew

    private void contents() throws MlsException {
        Insider carol = world.person("carol").insider();
        FramedContent.Header later =
                new FramedContent.Header(World.GROUP_ID, world.state().epoch() + 1, Bytes.EMPTY);
        content("epoch", framed(carol, later, carol.leaf(), gina()));
        content("sender", framed(carol, carol.header(), BLANK, gina()));
        content("removed", framed(carol, carol.header(), carol.leaf(), BLANK));
        content("truncated-path", authenticated(truncated()));
        AuthenticatedContent commit = authenticated(commit());
        content(
                "confirmation-tag",
                commit.withConfirmationTag(flipped(commit.confirmationTag().orElseThrow())));
        content("replay", authenticated(world.taken()));
    }

    private AuthenticatedContent framed(Insider signer, FramedContent.Header header, LeafIndex from, LeafIndex removed)
            throws MlsException {
        return signer.sign(
                WireFormat.PUBLIC_MESSAGE, FramedContent.of(header, new Sender.Member(from), removal(removed)));
    }

    private MlsMessage commit() throws MlsException {
        return world.person("alice").group().commit().build().message();
    }

    /** A Commit whose path ends below the root. */
    private MlsMessage truncated() throws MlsException {
        MlsMessage genuine = commit();
        return world.person("alice")
                .insider()
                .alter(
                        genuine,
                        commit -> new Commit(commit.proposals(), commit.path().map(BadSeeds::withoutRoot)));
    }

    private static UpdatePath withoutRoot(UpdatePath path) {
        List<UpdatePath.Node> nodes = path.nodes();
        return new UpdatePath(path.leafNode(), nodes.subList(0, nodes.size() - 1));
    }

    private static AuthenticatedContent authenticated(MlsMessage message) {
        return ((PublicMessage) message.body()).authenticated();
    }

    private static void content(String name, AuthenticatedContent content) {
        Seeds.write(Targets.SEALED, "bad-" + name, content.encoded());
    }

    // ---- joining

    private void welcomes() throws MlsException {
        WelcomeForge forge = WelcomeForge.open(world.welcome(), world.ivans(), crypto);
        Welcome genuine = world.welcome().welcome().orElseThrow();
        choice(Targets.WELCOME, "group-info", 0, flippedLast(world.welcome().encoded()));
        choice(Targets.WELCOME, "entry", 0, withEntry(genuine).encoded());
        byte[] secrets = WorldSeeds.groupSecrets(forge);
        int joiner = 1;
        int path = joiner + crypto.hashLength() + 2;
        choice(Targets.WELCOME, "joiner-secret", 1, flipped(secrets, joiner));
        choice(Targets.WELCOME, "path-secret", 1, flipped(secrets, path));
        choice(Targets.WELCOME, "signature", 2, flippedLast(forge.genuine().encoded()));
        choice(Targets.WELCOME, "tree-hash", 3, withTreeHash(forge.genuine()).encoded());
        choice(Targets.WELCOME, "signer", 3, withSigner(forge.genuine()).encoded());
    }

    private static MlsMessage withEntry(Welcome genuine) {
        List<Welcome.EncryptedGroupSecrets> entries = genuine.secrets().stream()
                .map(entry -> new Welcome.EncryptedGroupSecrets(
                        entry.newMember(), withCiphertext(entry.encryptedGroupSecrets())))
                .toList();
        return new MlsMessage(
                new MlsMessage.Welcome(new Welcome(genuine.cipherSuite(), entries, genuine.encryptedGroupInfo())));
    }

    private static HpkeCiphertext withCiphertext(HpkeCiphertext genuine) {
        return new HpkeCiphertext(genuine.kemOutput(), flipped(genuine.ciphertext()));
    }

    private void groupInfos() throws MlsException {
        MlsMessage message = world.person("alice").group().groupInfo(true);
        GroupInfo info = message.groupInfo().orElseThrow();
        choice(Targets.GROUP_INFO, "signature", 0, withoutEnd(message.encoded()));
        choice(Targets.GROUP_INFO, "tree-hash", 1, withTreeHash(info).encoded());
        choice(Targets.GROUP_INFO, "signer", 1, withSigner(info).encoded());
        choice(
                Targets.GROUP_INFO,
                "leaf-signature",
                2,
                flippedLast(world.state().tree().encoded()));
    }

    private GroupInfo withTreeHash(GroupInfo info) throws MlsException {
        GroupContext context = info.groupContext();
        GroupContext changed = new GroupContext(
                context.version(),
                context.cipherSuite(),
                context.groupId(),
                context.epoch(),
                flipped(context.treeHash()),
                context.confirmedTranscriptHash(),
                context.extensions());
        return signed(info, changed, info.signer());
    }

    private GroupInfo withSigner(GroupInfo info) throws MlsException {
        return signed(info, info.groupContext(), BLANK);
    }

    private GroupInfo signed(GroupInfo info, GroupContext context, LeafIndex signer) throws MlsException {
        return GroupInfo.sign(
                context,
                info.extensions(),
                info.confirmationTag(),
                signer,
                crypto,
                world.person("alice").client().signer());
    }

    private static void choice(Targets target, String name, int choice, byte[] rest) {
        WorldSeeds.choice(target, "bad-" + name, choice, rest);
    }

    // ---- one bit

    /** Wrong in so many bytes that nobody finds the genuine message, which nobody else has written, from it by chance. */
    private static byte[] withoutEnd(byte[] genuine) {
        byte[] out = genuine.clone();
        Arrays.fill(out, out.length - 16, out.length, (byte) 0);
        return out;
    }

    private static Bytes flipped(Bytes genuine) {
        return Bytes.wrap(flippedLast(genuine.toByteArray()));
    }

    private static byte[] flippedLast(byte[] genuine) {
        return flipped(genuine, genuine.length - 1);
    }

    private static byte[] flipped(byte[] genuine, int at) {
        byte[] out = genuine.clone();
        out[at] ^= 1;
        return out;
    }
}
