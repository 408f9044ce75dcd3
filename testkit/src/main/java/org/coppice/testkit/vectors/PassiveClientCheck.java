package org.coppice.testkit.vectors;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LifetimePolicy;

/** A client that joins and follows a group without saying anything itself. */
final class PassiveClientCheck {
    /** Vectors are years old, and their lifetimes long or long over; whom they name, nobody knows. */
    private static final GroupPolicy PERMISSIVE = GroupPolicy.builder()
            .lifetime(new LifetimePolicy(LifetimePolicy.ANY_SPAN, Duration.ZERO, LifetimePolicy.Outside.TOLERATE))
            .resumptionPsks(1 << 16)
            .newMemberProposals(keyPackage -> true)
            .ratchetLimits(1 << 20, 1 << 12, 1 << 16)
            .build();

    private PassiveClientCheck() {}

    /** Takes everybody for who they say they are; who holds another key is another client. */
    private static final class AnyIdentity implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) {
            // Generators of vectors issue no credentials that could be checked.
        }

        @Override
        public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
            return true;
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return claim.signatureKey().data();
        }
    }

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        KeyPackage keyPackage = message(
                vector, "key_package", WireFormat.KEY_PACKAGE, KeyPackage::decode, PassiveClientCheck::keyPackage);
        SignatureKeyPair signature = PrivateKeys.signature(
                vector.secret("signature_priv"), keyPackage.leafNode().signatureKey(), crypto);
        HpkeKeyPair init = PrivateKeys.hpke("init_priv", vector.secret("init_priv"), keyPackage.initKey(), crypto);
        HpkeKeyPair leaf = PrivateKeys.hpke(
                "encryption_priv",
                vector.secret("encryption_priv"),
                keyPackage.leafNode().encryptionKey(),
                crypto);

        Environment environment = Environment.builder()
                .provider(setting.provider())
                .validator(new AnyIdentity())
                .policy(PERMISSIVE)
                .psks(psks(vector))
                .build();
        MlsClient client = MlsClient.of(
                        environment, crypto.suite(), keyPackage.leafNode().credential(), crypto.signer(signature))
                .withCapabilities(keyPackage.leafNode().capabilities());
        try (Group group = join(vector, client, new KeyPackageBundle(keyPackage, init, leaf))) {
            Expect.equal(
                    "initial_epoch_authenticator",
                    vector.bytes("initial_epoch_authenticator"),
                    group.epochAuthenticator());
            int number = 0;
            for (Fields epoch : vector.objects("epochs")) {
                follow(group, epoch, number++);
            }
        }
    }

    private static PskSource psks(Fields vector) throws VectorMismatch {
        Map<Bytes, Bytes> keys = new HashMap<>();
        for (Fields psk : vector.has("external_psks") ? vector.objects("external_psks") : List.<Fields>of()) {
            keys.put(psk.bytes("psk_id"), psk.bytes("psk"));
        }
        return id -> Optional.ofNullable(keys.get(id)).map(key -> Secret.wrap(key.toByteArray()));
    }

    private static Group join(Fields vector, MlsClient client, KeyPackageBundle bundle)
            throws VectorMismatch, MlsException {
        Welcome welcome = message(vector, "welcome", WireFormat.WELCOME, Welcome::decode, PassiveClientCheck::welcome);
        JoinRequest request = JoinRequest.of(new MlsMessage(new MlsMessage.Welcome(welcome)), List.of(bundle));
        Optional<Bytes> tree = vector.optionalBytes("ratchet_tree");
        try {
            return client.join(tree.isPresent() ? request.withRatchetTree(tree.get()) : request);
        } catch (MlsException e) {
            throw new VectorMismatch("welcome: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static void follow(Group group, Fields epoch, int number) throws VectorMismatch {
        String where = "epochs[" + number + "]";
        // A proposal that no Commit takes up may be anything; the others are missed when the Commit comes.
        StringBuilder refused = new StringBuilder();
        int proposal = 0;
        for (Optional<Bytes> bytes : epoch.byteList("proposals")) {
            try {
                group.receive(MlsMessage.decode(bytes.orElse(Bytes.EMPTY), DecodeLimits.DEFAULT));
            } catch (MlsException e) {
                refused.append("; proposals[").append(proposal).append("]: ").append(e.getMessage());
            }
            proposal++;
        }
        try {
            group.merge(group.stage(MlsMessage.decode(epoch.bytes("commit"), DecodeLimits.DEFAULT)));
        } catch (MlsException e) {
            throw new VectorMismatch(where + ": " + e.getClass().getSimpleName() + ": " + e.getMessage() + refused);
        }
        // Who was removed knows nothing of the new epoch.
        if (group.status() != GroupStatus.REMOVED) {
            Expect.equal(
                    where + ".epoch_authenticator", epoch.bytes("epoch_authenticator"), group.epochAuthenticator());
        }
    }

    // ---- objects with and without an MLSMessage around them, as generators differ in that

    /** Takes the object out of a message. */
    private interface Unwrap<T> {
        Optional<T> of(MlsMessage.Body body);
    }

    private static <T> T message(Fields vector, String name, WireFormat format, Decoder<T> bare, Unwrap<T> unwrap)
            throws VectorMismatch {
        try {
            MlsMessage message = MlsMessage.decode(vector.bytes(name), DecodeLimits.DEFAULT);
            return unwrap.of(message.body())
                    .orElseThrow(() -> new VectorMismatch(name + " holds a " + message.wireFormat()));
        } catch (DecodeException e) {
            return decodedBare(vector, name, format, bare, e);
        }
    }

    /** What has the header of the message is malformed as a message, if it is nothing else either. */
    private static <T> T decodedBare(
            Fields vector, String name, WireFormat format, Decoder<T> bare, DecodeException asMessage)
            throws VectorMismatch {
        try {
            return vector.decoded(name, bare);
        } catch (VectorMismatch e) {
            Bytes header =
                    new TlsWriter().struct(ProtocolVersion.MLS10).struct(format).toBytes();
            Bytes bytes = vector.bytes(name);
            boolean isMessage = bytes.length() >= header.length()
                    && bytes.slice(0, header.length()).equals(header);
            throw isMessage ? new VectorMismatch(name + ": " + asMessage.getMessage()) : e;
        }
    }

    private static Optional<KeyPackage> keyPackage(MlsMessage.Body body) {
        return body instanceof MlsMessage.KeyPackage message ? Optional.of(message.keyPackage()) : Optional.empty();
    }

    private static Optional<Welcome> welcome(MlsMessage.Body body) {
        return body instanceof MlsMessage.Welcome message ? Optional.of(message.welcome()) : Optional.empty();
    }
}
