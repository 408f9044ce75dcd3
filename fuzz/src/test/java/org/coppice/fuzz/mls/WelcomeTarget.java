package org.coppice.fuzz.mls;

import java.util.Arrays;
import java.util.List;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Welcome;
import org.coppice.testkit.forge.WelcomeForge;

/**
 * A Welcome at ivan, who waits for one. The first byte says what the rest is: a whole {@code MLSMessage}; the {@code GroupSecrets} of a
 * Welcome that is genuine but for them; the {@code GroupInfo} in it, encrypted as it is; or a GroupInfo that its signer signs rightly and
 * whose confirmation tag is computed anew, so that only what it says can be refused.
 *
 * <p>A refusal leaves nothing in the store and the key package usable: the genuine Welcome is taken afterwards. A whole message comes
 * from somebody without a key: it is taken only if what it holds for ivan is what the genuine one does.
 */
public final class WelcomeTarget implements Target {
    private static final Decoder<GroupInfo> GROUP_INFO = GroupInfo::decode;

    private static final int WHOLE = 0;

    private final World world;
    private final Person ivan;

    public WelcomeTarget() throws MlsException {
        world = new World();
        ivan = world.person("ivan");
    }

    @Override
    public Allowance allowance() {
        return Bounds.LIVE_GROUP;
    }

    @Override
    public Outcome run(byte[] input) throws MlsException {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        MlsMessage message;
        try {
            message = switch (input[0] & 3) {
                case WHOLE -> MlsMessage.decode(rest);
                case 1 -> withSecrets(rest);
                case 2 -> forge().seal(rest);
                default -> withGroupInfo(rest);
            };
        } catch (DecodeException e) {
            return Outcome.REFUSED;
        }
        if (!(message.body() instanceof MlsMessage.Welcome)) {
            return Outcome.REFUSED; // the caller's mistake, and documented so
        }
        Outcome outcome = join(message);
        if (outcome == Outcome.ACCEPTED && (input[0] & 3) == WHOLE && !isGenuine(message)) {
            throw new Escape("a Welcome was taken that nobody wrote");
        }
        return outcome;
    }

    /** Nothing protects what a Welcome holds for others, nor that it holds it. */
    private boolean isGenuine(MlsMessage message) {
        Welcome given = message.welcome().orElseThrow();
        Welcome genuine = world.welcome().welcome().orElseThrow();
        return given.cipherSuite().equals(genuine.cipherSuite())
                && given.encryptedGroupInfo().equals(genuine.encryptedGroupInfo())
                && given.secrets().containsAll(genuine.secrets());
    }

    private Outcome join(MlsMessage message) throws MlsException {
        ivan.reset();
        KeyPackageBundle bundle = world.ivans();
        try (Group group = ivan.client().join(message, bundle)) {
            ivan.assertStored(group);
            group.encrypt(new byte[] {1});
            return Outcome.ACCEPTED;
        } catch (MlsException e) {
            if (!ivan.client().environment().store().groups().isEmpty()) {
                throw new Escape("a refused Welcome left a group behind", e);
            }
            ivan.client().join(world.welcome(), bundle).close();
            return Outcome.REFUSED;
        }
    }

    private WelcomeForge forge() throws MlsException {
        return WelcomeForge.open(world.welcome(), world.ivans(), ivan.client().crypto());
    }

    private MlsMessage withSecrets(byte[] plaintext) throws MlsException {
        SuiteCrypto crypto = ivan.client().crypto();
        Welcome genuine = ((MlsMessage.Welcome) world.welcome().body()).welcome();
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", genuine.encryptedGroupInfo());
        try (Secret secrets = Secret.wrap(plaintext.clone())) {
            HpkeCiphertext ciphertext =
                    crypto.encryptWithLabel(world.ivans().keyPackage().initKey(), context, secrets);
            Bytes ref = world.ivans().keyPackage().ref(crypto);
            Welcome.EncryptedGroupSecrets entry = new Welcome.EncryptedGroupSecrets(ref, ciphertext);
            return new MlsMessage(
                    new MlsMessage.Welcome(new Welcome(crypto.suite(), List.of(entry), genuine.encryptedGroupInfo())));
        }
    }

    private MlsMessage withGroupInfo(byte[] encoded) throws MlsException {
        GroupInfo info = GROUP_INFO.decodeAll(encoded);
        return forge().context(old -> info.groupContext())
                .extensions(old -> info.extensions())
                .signer(info.signer())
                .seal(world.at(info.signer())
                        .orElse(world.person("alice"))
                        .client()
                        .signer());
    }
}
