package org.coppice.testkit.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.TranscriptHash;
import org.coppice.mls.schedule.WelcomeSecret;

/** The key schedule and what enters it (RFC 9420 §8). */
final class ScheduleChecks {
    private ScheduleChecks() {}

    static void pskSecret(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        List<PskInput> psks = new ArrayList<>();
        for (Fields psk : vector.objects("psks")) {
            PreSharedKeyId id = new PreSharedKeyId.External(psk.bytes("psk_id"), psk.bytes("psk_nonce"));
            psks.add(new PskInput(SuiteCrypto.encode(id), psk.secret("psk")));
        }
        Secret expected = vector.secret("psk_secret");
        Expect.equal("psk_secret, length", crypto.hashLength(), expected.length());
        // The secret itself is shown to nobody: that the same follows from both is as good.
        Expect.equal(
                "psk_secret, seen through welcome_key",
                welcomeKey(PskSecret.wrap(expected), crypto),
                welcomeKey(PskSecret.of(psks, crypto), crypto));
    }

    private static Bytes welcomeKey(PskSecret psk, SuiteCrypto crypto) {
        JoinerSecret joiner = JoinerSecret.wrap(Secret.zeros(crypto.hashLength()));
        return Bytes.wrap(
                MemberSecret.derive(joiner, psk, crypto).welcomeSecret().key().exposeCopy());
    }

    static void keySchedule(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        InitSecret init = InitSecret.wrap(vector.secret("initial_init_secret"));
        long number = 0;
        for (Fields epoch : vector.objects("epochs")) {
            GroupContext context = new GroupContext(
                    ProtocolVersion.MLS10,
                    crypto.suite(),
                    vector.bytes("group_id"),
                    number++,
                    epoch.bytes("tree_hash"),
                    epoch.bytes("confirmed_transcript_hash"),
                    Extensions.EMPTY);
            Bytes encoded = SuiteCrypto.encode(context);
            Expect.equal("group_context", epoch.bytes("group_context"), encoded);

            CommitSecret commit = CommitSecret.wrap(epoch.secret("commit_secret"));
            JoinerSecret joiner = JoinerSecret.derive(init, commit, encoded, crypto);
            Expect.equal("joiner_secret", epoch.bytes("joiner_secret"), joiner.secret());
            MemberSecret member = MemberSecret.derive(joiner, PskSecret.wrap(epoch.secret("psk_secret")), crypto);
            welcome(epoch, member.welcomeSecret(), crypto);
            EpochSecrets secrets = member.epochSecrets(encoded);
            epoch(epoch, secrets);
            init = secrets.initSecret();
        }
    }

    private static void welcome(Fields epoch, WelcomeSecret actual, SuiteCrypto crypto) throws VectorMismatch {
        Secret expected = epoch.secret("welcome_secret");
        int keyLength = crypto.parts().aead().keyLength();
        int nonceLength = crypto.parts().aead().nonceLength();
        Secret key = crypto.expandWithLabel(expected, "key", Bytes.EMPTY, keyLength);
        Secret nonce = crypto.expandWithLabel(expected, "nonce", Bytes.EMPTY, nonceLength);
        Expect.holds("welcome_secret, key", key.constantTimeEquals(actual.key()));
        Expect.holds("welcome_secret, nonce", nonce.constantTimeEquals(actual.nonce()));
    }

    private static void epoch(Fields epoch, EpochSecrets secrets) throws VectorMismatch, MlsException {
        Map<StoredSecrets.Name, Bytes> stored = StoredSecrets.of(secrets);
        for (StoredSecrets.Name name : StoredSecrets.Name.values()) {
            Expect.equal(name.field(), epoch.bytes(name.field()), stored.get(name));
        }
        Expect.equal("epoch_authenticator", epoch.bytes("epoch_authenticator"), secrets.epochAuthenticator());
        Expect.equal("resumption_psk", epoch.bytes("resumption_psk"), secrets.resumptionPsk());
        Expect.equal(
                "external_pub",
                epoch.bytes("external_pub"),
                secrets.externalKeyPair().publicKey().data());
        Fields exporter = epoch.object("exporter");
        Secret exported =
                secrets.export(exporter.text("label"), exporter.bytes("context"), exporter.intNumber("length"));
        Expect.equal("exporter.secret", exporter.bytes("secret"), exported);
    }

    static void transcriptHashes(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        AuthenticatedContent content = vector.decoded("authenticated_content", AuthenticatedContent::decode);
        Expect.equal(
                "content_type", ContentType.COMMIT, content.content().content().type());
        Bytes tag = content.confirmationTag().orElseThrow();
        Bytes confirmed = TranscriptHash.confirmed(
                vector.bytes("interim_transcript_hash_before"), content.confirmedTranscriptHashInput(), crypto);
        Expect.equal("confirmed_transcript_hash_after", vector.bytes("confirmed_transcript_hash_after"), confirmed);
        Bytes interim = TranscriptHash.interim(confirmed, tag, crypto);
        Expect.equal("interim_transcript_hash_after", vector.bytes("interim_transcript_hash_after"), interim);

        Bytes key = vector.bytes("confirmation_key");
        EpochSecrets secrets = StoredSecrets.toEpochSecrets(Map.of(StoredSecrets.Name.CONFIRMATION, key), crypto);
        Expect.equal("confirmation_tag", tag, secrets.confirmationTag(confirmed));
        secrets.verifyConfirmationTag(confirmed, tag);
    }
}
