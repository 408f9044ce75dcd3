package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.schedule.WelcomeSecret;

/** Opens a Welcome for one joiner, and seals it again after a change: GroupInfo, secrets and encryption follow from the fields. */
final class WelcomeSealer {
    private final SuiteCrypto crypto;
    private final KeyPackageBundle bundle;
    private final Function<PreSharedKeyId, Optional<Secret>> psks;
    private final GroupInfoSealer infoSealer;

    /**
     * @param bundle whose Welcome it is; only its public half is used for sealing
     * @param psks the pre-shared keys that the joiner has
     */
    WelcomeSealer(
            KeyPackageBundle bundle,
            Function<PreSharedKeyId, Optional<Secret>> psks,
            GroupInfoSealer infoSealer,
            SuiteCrypto crypto) {
        this.crypto = crypto;
        this.bundle = bundle;
        this.psks = psks;
        this.infoSealer = infoSealer;
    }

    /** The message with the joiner's secrets and the GroupInfo in the clear; entries for others are left out. */
    static Field open(
            MlsMessage welcome,
            KeyPackageBundle bundle,
            Function<PreSharedKeyId, Optional<Secret>> psks,
            SuiteCrypto crypto)
            throws MlsException {
        Welcome body = ((MlsMessage.Welcome) welcome.body()).welcome();
        Bytes ref = bundle.keyPackage().ref(crypto);
        HpkeCiphertext entry = body.secrets().stream()
                .filter(secrets -> secrets.newMember().equals(ref))
                .findFirst()
                .orElseThrow()
                .encryptedGroupSecrets();
        Bytes secrets = Bytes.wrap(crypto.decryptWithLabel(
                        bundle.initKeyPair(), crypto.encryptionContext("Welcome", body.encryptedGroupInfo()), entry)
                .exposeCopy());
        Field group = Schemas.GROUP_SECRETS.readAll("group_secrets", secrets);
        TlsWriter out = new TlsWriter().uint16(1).uint16(3).struct(body.cipherSuite());
        int mark = out.open();
        out.vector(ref).raw(secrets).close(mark);
        try (MemberSecret member = memberSecret(group, psks, crypto);
                WelcomeSecret key = member.welcomeSecret()) {
            out.raw(key.open(body.encryptedGroupInfo()));
        }
        return Schemas.OPEN_WELCOME.readAll("message", out.toBytes());
    }

    private static MemberSecret memberSecret(
            Field groupSecrets, Function<PreSharedKeyId, Optional<Secret>> psks, SuiteCrypto crypto)
            throws MlsException {
        List<PskInput> inputs = new ArrayList<>();
        for (Field psk : groupSecrets.get("psks").parts()) {
            Secret key = decode(psk).flatMap(psks).orElseGet(() -> Secret.zeros(crypto.hashLength()));
            inputs.add(new PskInput(psk.encoded(), key));
        }
        Secret joiner = Secret.wrap(groupSecrets.get("joiner_secret").content());
        return MemberSecret.derive(JoinerSecret.wrap(joiner), PskSecret.of(inputs, crypto), crypto);
    }

    private static Optional<PreSharedKeyId> decode(Field psk) {
        Decoder<PreSharedKeyId> decoder = PreSharedKeyId::decode;
        try {
            return Optional.of(decoder.decodeAll(psk.encoded(), DecodeLimits.DEFAULT));
        } catch (DecodeException e) {
            return Optional.empty(); // the receiver's decoder will say so
        }
    }

    /** The Welcome that has these fields. */
    Specimen.Sealed seal(Field root) throws MlsException {
        Field body = root.get("body");
        Optional<Field> secrets = body.get("secrets").parts().stream().findFirst();
        if (secrets.isEmpty()) {
            return Specimen.Sealed.of(wire(root, body, body.get("group_info").encoded()));
        }
        try (MemberSecret member = memberSecret(secrets.get().get("group_secrets"), psks, crypto);
                WelcomeSecret key = member.welcomeSecret()) {
            Bytes[] authenticator = new Bytes[1];
            Field info = body.get("group_info");
            infoSealer.seal(info, (context, confirmed) -> {
                try (EpochSecrets epoch = member.epochSecrets(context)) {
                    authenticator[0] = epoch.epochAuthenticator();
                    return Optional.of(epoch.confirmationTag(confirmed));
                }
            });
            Bytes encrypted = key.seal(info.encode());
            return new Specimen.Sealed(wire(root, body, encrypted), Optional.of(authenticator[0]));
        }
    }

    private byte[] wire(Field root, Field body, Bytes encryptedGroupInfo) throws MlsException {
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", encryptedGroupInfo);
        HpkePublicKey initKey = bundle.keyPackage().initKey();
        TlsWriter entries = new TlsWriter();
        for (Field entry : body.get("secrets").parts()) {
            Secret plaintext = Secret.wrap(entry.get("group_secrets").encode());
            entries.raw(entry.get("new_member").encoded()).struct(crypto.encryptWithLabel(initKey, context, plaintext));
        }
        return new TlsWriter()
                .raw(root.get("version").encoded())
                .raw(root.get("wire_format").encoded())
                .raw(body.get("cipher_suite").encoded())
                .raw(length(body.get("secrets"), entries.toByteArray()))
                .vector(encryptedGroupInfo)
                .toByteArray();
    }

    /** The entries with the length that the changed list has. */
    private static Bytes length(Field secrets, byte[] entries) {
        TlsWriter out = new TlsWriter();
        secrets.lengthForm().write(out, entries.length);
        return out.raw(entries).toBytes();
    }

    /** Names what a joiner can look up: the keys of the application, and those of a group that is continued. */
    static Function<PreSharedKeyId, Optional<Secret>> known(Map<Bytes, Secret> resumption) {
        return id -> id instanceof PreSharedKeyId.External external
                ? House.psk(external.pskId())
                : Optional.ofNullable(resumption.get(((PreSharedKeyId.Resumption) id).pskGroupId()))
                        .map(Secret::copy);
    }
}
