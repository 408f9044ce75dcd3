package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;

/** The key schedule and what enters it, by the formulas of RFC 9420 §8. */
final class ScheduleMaker {
    private static final int EPOCHS = 3;
    private static final int MAX_PSKS = 11;

    private ScheduleMaker() {}

    static void pskSecret(ObjectNode out, Recipe recipe) {
        ArrayNode psks = out.putArray("psks");
        int count = recipe.index() % MAX_PSKS;
        Bytes zero = Bytes.wrap(new byte[recipe.hashLength()]);
        Bytes chained = zero;
        for (int i = 0; i < count; i++) {
            PreSharedKeyId.External id = new PreSharedKeyId.External(recipe.hashBytes(), recipe.hashBytes());
            Bytes psk = recipe.hashBytes();
            ObjectNode entry = psks.addObject();
            Recipe.put(entry, "psk_id", id.pskId());
            Recipe.put(entry, "psk", psk);
            Recipe.put(entry, "psk_nonce", id.pskNonce());
            Bytes label = new TlsWriter().struct(id).uint16(i).uint16(count).toBytes();
            Bytes input = recipe.expand(recipe.extract(zero, psk), "derived psk", label, recipe.hashLength());
            chained = recipe.extract(input, chained);
        }
        Recipe.put(out, "psk_secret", chained);
    }

    static void keySchedule(ObjectNode out, Recipe recipe) {
        Bytes groupId = recipe.hashBytes();
        Bytes init = recipe.hashBytes();
        Recipe.put(out, "group_id", groupId);
        Recipe.put(out, "initial_init_secret", init);
        ArrayNode epochs = out.putArray("epochs");
        for (int i = 0; i < EPOCHS; i++) {
            init = epoch(epochs.addObject(), recipe, groupId, i, init);
        }
    }

    /** One epoch; gives its init_secret. */
    private static Bytes epoch(ObjectNode out, Recipe recipe, Bytes groupId, long number, Bytes init) {
        int length = recipe.hashLength();
        Bytes treeHash = recipe.hashBytes();
        Bytes commitSecret = recipe.hashBytes();
        Bytes pskSecret = number % 2 == 0 ? recipe.hashBytes() : Bytes.wrap(new byte[length]);
        Bytes transcript = recipe.hashBytes();
        Recipe.put(out, "tree_hash", treeHash);
        Recipe.put(out, "commit_secret", commitSecret);
        Recipe.put(out, "psk_secret", pskSecret);
        Recipe.put(out, "confirmed_transcript_hash", transcript);
        Bytes context = context(recipe, groupId, number, treeHash, transcript);
        Recipe.put(out, "group_context", context);

        Bytes joiner = recipe.expand(recipe.extract(init, commitSecret), "joiner", context, length);
        Bytes member = recipe.extract(joiner, pskSecret);
        Bytes epoch = recipe.expand(member, "epoch", context, length);
        Bytes next = recipe.derive(epoch, "init");
        Bytes exporter = recipe.derive(epoch, "exporter");
        Bytes external = recipe.derive(epoch, "external");
        Recipe.put(out, "joiner_secret", joiner);
        Recipe.put(out, "welcome_secret", recipe.derive(member, "welcome"));
        Recipe.put(out, "init_secret", next);
        Recipe.put(out, "sender_data_secret", recipe.derive(epoch, "sender data"));
        Recipe.put(out, "encryption_secret", recipe.derive(epoch, "encryption"));
        Recipe.put(out, "exporter_secret", exporter);
        Recipe.put(out, "epoch_authenticator", recipe.derive(epoch, "authentication"));
        Recipe.put(out, "external_secret", external);
        Recipe.put(out, "confirmation_key", recipe.derive(epoch, "confirm"));
        Recipe.put(out, "membership_key", recipe.derive(epoch, "membership"));
        Recipe.put(out, "resumption_psk", recipe.derive(epoch, "resumption"));
        Recipe.put(
                out,
                "external_pub",
                recipe.crypto()
                        .deriveHpkeKeyPair(Recipe.secret(external))
                        .publicKey()
                        .data());
        exporter(out.putObject("exporter"), recipe, exporter);
        return next;
    }

    private static void exporter(ObjectNode out, Recipe recipe, Bytes exporterSecret) {
        String label = recipe.word();
        Bytes context = recipe.bytes(recipe.random().below(40));
        int length = 1 + recipe.random().below(200);
        out.put("label", label);
        Recipe.put(out, "context", context);
        out.put("length", length);
        Recipe.put(
                out,
                "secret",
                recipe.expand(
                        recipe.derive(exporterSecret, label),
                        "exported",
                        recipe.crypto().hash(context),
                        length));
    }

    static Bytes context(Recipe recipe, Bytes groupId, long epoch, Bytes treeHash, Bytes transcript) {
        return Recipe.encode(new GroupContext(
                ProtocolVersion.MLS10,
                recipe.crypto().suite(),
                groupId,
                epoch,
                treeHash,
                transcript,
                Extensions.EMPTY));
    }

    static void transcriptHashes(ObjectNode out, Recipe recipe) throws MlsException {
        Bytes groupId = recipe.hashBytes();
        long epoch = recipe.number();
        FramedContent framed = FramedContent.of(
                new FramedContent.Header(
                        groupId, epoch, recipe.bytes(recipe.random().below(20))),
                new Sender.Member(new LeafIndex(recipe.random().below(10))),
                new Content.Commit(new Commit(List.of(), Optional.empty())));
        SignatureKeyPair keys = recipe.crypto().generateSignatureKeyPair();
        Bytes context = context(recipe, groupId, epoch, recipe.hashBytes(), recipe.hashBytes());
        WireFormat format = recipe.random().chance(50) ? WireFormat.PUBLIC_MESSAGE : WireFormat.PRIVATE_MESSAGE;
        AuthenticatedContent signed = AuthenticatedContent.sign(
                format, framed, context, recipe.crypto(), recipe.crypto().signer(keys));

        Bytes key = recipe.hashBytes();
        Bytes before = recipe.hashBytes();
        Bytes input = new TlsWriter()
                .struct(format)
                .struct(framed)
                .vector(signed.signature())
                .toBytes();
        Bytes confirmed = recipe.crypto().hash(Recipe.concat(before, input));
        Bytes tag = recipe.mac(key, confirmed);
        Bytes interim =
                recipe.crypto().hash(new TlsWriter().raw(confirmed).vector(tag).toBytes());
        Recipe.put(out, "confirmation_key", key);
        Recipe.put(out, "authenticated_content", signed.withConfirmationTag(tag));
        Recipe.put(out, "interim_transcript_hash_before", before);
        Recipe.put(out, "confirmed_transcript_hash_after", confirmed);
        Recipe.put(out, "interim_transcript_hash_after", interim);
    }

    /** ASCII bytes. */
    static Bytes ascii(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
