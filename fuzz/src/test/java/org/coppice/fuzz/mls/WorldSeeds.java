package org.coppice.fuzz.mls;

import static org.coppice.fuzz.mls.World.utf8;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.testkit.forge.Outsider;
import org.coppice.testkit.forge.WelcomeForge;

/** Makes the seeds of the targets of this package out of what people of the {@link World} have to say. */
public final class WorldSeeds {
    private final World world;

    private WorldSeeds(World world) {
        this.world = world;
    }

    /** Writes them. */
    public static void main(String[] args) throws MlsException {
        WorldSeeds seeds = new WorldSeeds(new World());
        new DecodeSeeds(seeds.world).write();
        seeds.messages();
        seeds.welcomes();
        seeds.groupInfos();
        seeds.files();
        new BadSeeds(new World()).write();
        Seeds.write(Targets.RECORDS, "good-member", new byte[] {0});
        Seeds.write(Targets.RECORDS, "good-observer", new byte[] {1});
        Seeds.write(
                Targets.RECORDS,
                "bad-many-changes",
                "\0abcdefghijklmnopqrstuvwxyz0123456789".getBytes(StandardCharsets.US_ASCII));
    }

    // ---- messages

    private void messages() throws MlsException {
        message("application", group("alice").encrypt(new byte[100]));
        Group alice = group("alice");
        alice.encrypt(new byte[1]);
        alice.encrypt(new byte[1]);
        message("application-later", alice.encrypt(new byte[1], SendOptions.DEFAULT));
        message("add", group("carol").proposeAdd(world.ivans().keyPackage()));
        message("update", group("carol").proposeUpdate());
        message("remove", group("carol").proposeRemove(group("gina").ownLeaf()));
        message("psk", group("carol").proposeExternalPsk(World.PSK_ID));
        message(
                "resumption",
                group("carol")
                        .proposeResumptionPsk(World.GROUP_ID, group("carol").epoch()));
        message("extensions", group("carol").proposeExtensions(Extensions.EMPTY));
        message("reinit", group("carol").proposeReInit(reInit()));
        message("custom", group("carol").propose(custom(), SendOptions.DEFAULT));
        message(
                "custom-empty",
                group("carol").propose(new Proposal.Custom(World.CUSTOM, Bytes.EMPTY), SendOptions.DEFAULT));
        message(
                "private-remove",
                group("carol").propose(remove(), SendOptions.DEFAULT.withWireFormat(WireFormat.PRIVATE_MESSAGE)));
        commits();
        outsiders();
    }

    private void commits() throws MlsException {
        message("commit", group("alice").commit().build().message());
        message(
                "commit-add",
                group("alice").commit().add(world.ivans().keyPackage()).build().message());
        message(
                "commit-remove",
                group("alice").commit().remove(group("gina").ownLeaf()).build().message());
        message(
                "commit-psk",
                group("hugo")
                        .commit()
                        .externalPsk(World.PSK_ID)
                        .withoutPath()
                        .build()
                        .message());
        message(
                "commit-reinit",
                group("frank").commit().reInit(reInit()).build().message());
        message(
                "commit-private",
                group("gina")
                        .commit()
                        .wireFormat(WireFormat.PRIVATE_MESSAGE)
                        .build()
                        .message());
        message(
                "commit-removes-bob",
                group("gina").commit().remove(group("bob").ownLeaf()).build().message());
    }

    private void outsiders() throws MlsException {
        Person judy = world.person("judy");
        judy.reset();
        message(
                "external-commit",
                judy.client().joinExternally(group("alice").groupInfo(true)).commit());
        judy.reset();
        message(
                "new-member",
                judy.client()
                        .proposeAdd(
                                World.GROUP_ID,
                                world.state().epoch(),
                                judy.client().generateKeyPackage().keyPackage()));
        Outsider outsider = new Outsider(judy.client(), world.state());
        message(
                "external-sender",
                outsider.proposal(new Sender.External(0), remove(), outsider.header(), world.erin()));
    }

    private Group group(String name) throws MlsException {
        return world.person(name).group();
    }

    private Proposal.Remove remove() throws MlsException {
        return new Proposal.Remove(group("gina").ownLeaf());
    }

    static Proposal.Custom custom() {
        return new Proposal.Custom(World.CUSTOM, utf8("custom"));
    }

    private Proposal.ReInit reInit() {
        return new Proposal.ReInit(
                utf8("next"), ProtocolVersion.MLS10, world.state().context().cipherSuite(), Extensions.EMPTY);
    }

    private static void message(String name, MlsMessage message) {
        Seeds.write(Targets.MESSAGE, "good-" + name, message.encoded());
        if (message.body() instanceof PublicMessage body) {
            Seeds.write(Targets.SEALED, "good-" + name, body.authenticated().encoded());
        }
    }

    // ---- joining

    private void welcomes() throws MlsException {
        Person ivan = world.person("ivan");
        WelcomeForge forge =
                WelcomeForge.open(world.welcome(), world.ivans(), ivan.client().crypto());
        choice(Targets.WELCOME, "good-whole", 0, world.welcome().encoded());
        choice(Targets.WELCOME, "good-secrets", 1, groupSecrets(forge));
        choice(Targets.WELCOME, "good-encrypted-group-info", 2, forge.genuine().encoded());
        choice(Targets.WELCOME, "good-group-info", 3, forge.genuine().encoded());
    }

    /** The {@code GroupSecrets} of a genuine Welcome. */
    static byte[] groupSecrets(WelcomeForge forge) {
        SecretWriter secrets = new SecretWriter();
        forge.joinerSecret().exposeTo(secrets);
        secrets.uint8(1);
        forge.pathSecret().orElseThrow().exposeTo(secrets);
        secrets.list(List.<PreSharedKeyId>of());
        return secrets.toByteArray();
    }

    private void groupInfos() throws MlsException {
        MlsMessage message = group("alice").groupInfo(true);
        GroupInfo info = ((MlsMessage.GroupInfo) message.body()).groupInfo();
        choice(Targets.GROUP_INFO, "good-whole", 0, message.encoded());
        choice(Targets.GROUP_INFO, "good-signed", 1, info.encoded());
        choice(Targets.GROUP_INFO, "good-tree", 2, world.state().tree().encoded());
    }

    // ---- files

    private void files() throws MlsException {
        choice(
                Targets.COMMAND,
                "good-inspect-group-info",
                0,
                group("alice").groupInfo(true).encoded());
        choice(Targets.COMMAND, "good-inspect-welcome", 0, world.welcome().encoded());
        choice(
                Targets.COMMAND,
                "good-inspect-key-package",
                1,
                world.ivans().message().encoded());
        choice(
                Targets.COMMAND,
                "good-inspect-commit",
                2,
                group("alice")
                        .commit()
                        .add(world.ivans().keyPackage())
                        .build()
                        .message()
                        .encoded());
        choice(Targets.COMMAND, "bad-inspect-base64", 2, "AAEAAQ==".getBytes(StandardCharsets.US_ASCII));
        choice(Targets.COMMAND, "good-tree", 3, world.state().tree().encoded());
        choice(
                Targets.COMMAND,
                "good-tree-group-info",
                3,
                group("alice").groupInfo(true).encoded());
        choice(Targets.COMMAND, "good-tree-svg", 4, world.state().tree().encoded());
        StringBuilder records = new StringBuilder("{");
        world.observerRecords()
                .forEach((key, value) -> records.append(records.length() > 1 ? "," : "")
                        .append('"')
                        .append(key.toHex())
                        .append("\":\"")
                        .append(Bytes.wrap(value).toHex())
                        .append('"'));
        choice(
                Targets.COMMAND,
                "good-tree-stored",
                3,
                records.append("}").toString().getBytes(StandardCharsets.US_ASCII));
    }

    static void choice(Targets target, String name, int choice, byte[] rest) {
        byte[] input = new byte[rest.length + 1];
        input[0] = (byte) choice;
        System.arraycopy(rest, 0, input, 1, rest.length);
        Seeds.write(target, name, input);
    }
}
