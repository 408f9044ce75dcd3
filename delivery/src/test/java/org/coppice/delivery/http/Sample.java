package org.coppice.delivery.http;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Welcome;

/** Messages of MLS, well-formed and no more. */
final class Sample {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final Bytes GROUP = Bytes.fromHex("0a0b0c");
    /** {@link #GROUP} as in a path. */
    static final String GID = "CgsM";

    private static final MlsClient CLIENT = client();

    private Sample() {}

    private static MlsClient client() {
        try {
            Environment environment = Environment.builder()
                    .validator(CredentialValidator.acceptAll())
                    .build();
            return MlsClient.create(environment, SUITE, Credential.basic(Bytes.fromHex("61")));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final MlsMessage KEY_PACKAGE = makeKeyPackage();
    private static final MlsMessage GROUP_INFO = makeGroupInfo();

    private static MlsMessage makeKeyPackage() {
        try {
            return CLIENT.generateKeyPackage().message();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static MlsMessage makeGroupInfo() {
        try (Group group = CLIENT.createGroup(GROUP)) {
            return group.groupInfo(true);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static MlsMessage keyPackage() {
        return KEY_PACKAGE;
    }

    static MlsMessage groupInfo() {
        return GROUP_INFO;
    }

    static MlsMessage welcome() {
        return new MlsMessage(new MlsMessage.Welcome(new Welcome(SUITE, List.of(), Bytes.EMPTY)));
    }

    static MlsMessage application(int size) {
        return sealed(0, ContentType.APPLICATION, size);
    }

    static MlsMessage commit(long epoch) {
        return sealed(epoch, ContentType.COMMIT, 4);
    }

    private static MlsMessage sealed(long epoch, ContentType type, int size) {
        return new MlsMessage(
                new PrivateMessage(GROUP, epoch, type, Bytes.EMPTY, Bytes.fromHex("01"), Bytes.wrap(new byte[size])));
    }
}
