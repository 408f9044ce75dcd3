package org.coppice.fuzz.mls;

import static org.coppice.fuzz.mls.World.utf8;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.storage.StoredProposal;

/** Genuine structures of the larger kinds; those of the smaller kinds were found by fuzzing. */
final class DecodeSeeds {
    private final World world;

    DecodeSeeds(World world) {
        this.world = world;
    }

    void write() throws MlsException {
        KeyPackage keyPackage = world.ivans().keyPackage();
        put(Decoders.KEY_PACKAGE, keyPackage);
        put(Decoders.LEAF_NODE, keyPackage.leafNode());
        put(Decoders.CAPABILITIES, keyPackage.leafNode().capabilities());
        put(Decoders.GROUP_CONTEXT, world.state().context());
        put(Decoders.EXTENSIONS_WITHIN, world.state().context().extensions());
        put(Decoders.RATCHET_TREE, world.state().tree()::encodeTo);
        try (Secret stored = world.ivans().encode()) {
            put(Decoders.KEY_PACKAGE_BUNDLE, stored.exposeCopy());
        }
        messages();
        service();
    }

    private void messages() throws MlsException {
        Group alice = world.person("alice").group();
        MlsMessage info = alice.groupInfo(true);
        GroupInfo groupInfo = ((MlsMessage.GroupInfo) info.body()).groupInfo();
        put(Decoders.GROUP_INFO, groupInfo);
        put(Decoders.MLS_MESSAGE, world.welcome());
        StagedCommit commit = alice.commit().add(world.ivans().keyPackage()).build();
        PublicMessage body = (PublicMessage) commit.message().body();
        put(Decoders.PUBLIC_MESSAGE, body);
        put(Decoders.AUTHENTICATED_CONTENT, body.authenticated());
        put(Decoders.FRAMED_CONTENT, body.authenticated().content());
        Commit content = ((Content.Commit) body.authenticated().content().content()).commit();
        put(Decoders.COMMIT, content);
        put(Decoders.UPDATE_PATH, content.path().orElseThrow());
        put(Decoders.COMMIT_BUNDLE, CommitBundle.of(commit.message(), commit.welcome(), Optional.of(info)));
        Group carol = world.person("carol").group();
        carol.proposeRemove(alice.ownLeaf());
        put(
                Decoders.STORED_PROPOSAL,
                StoredProposal.encode(carol.pendingProposals().get(0), 1));
    }

    private void service() {
        ClientId client = ClientId.parse("ivan/laptop");
        put(Decoders.CLIENT_ID, client);
        put(
                Decoders.CLAIM_RESULT_CLAIMED,
                new ClaimResult.Claimed(client, world.ivans().message(), false));
        put(
                Decoders.CLAIM_RESULT,
                new ClaimResult(
                        List.of(new ClaimResult.Claimed(client, world.ivans().message(), true)), List.of(client)));
        RegisteredCredential credential = new RegisteredCredential(
                world.state().context().cipherSuite(),
                client.basicCredential(),
                world.erin().publicKey());
        put(Decoders.REGISTERED_CREDENTIAL, credential);
        put(Decoders.CREDENTIAL_STATEMENT, new CredentialStatement(client, new RequestId(new UUID(1, 2)), credential));
        put(Decoders.LOGIN_STATEMENT, LoginStatement.of("https://a.example", utf8("challenge"), client));
        put(Decoders.INBOX_ENTRY, new InboxEntry(1, World.GROUP_ID, 2, 3, 4, world.welcome()));
    }

    private static void put(Decoders decoder, Encodable value) {
        put(decoder, value.encoded());
    }

    private static void put(Decoders decoder, byte[] encoded) {
        String name = "good-" + decoder.name().toLowerCase(Locale.ROOT).replace('_', '-');
        WorldSeeds.choice(Targets.DECODE, name, decoder.ordinal(), encoded);
    }
}
