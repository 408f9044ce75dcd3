package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;

/** What the recipes over {@code mls} begin with. */
final class Kitchen {
    static final CipherSuite SUITE = MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private Kitchen() {}

    // begin helpers
    /** Believes every name: right for a recipe, wrong for an application. */
    static Environment.Builder environment() {
        return Environment.builder().validator(CredentialValidator.acceptAll());
    }

    static MlsClient client(Environment environment, String name) throws CryptoException {
        return MlsClient.create(environment, SUITE, Credential.basic(bytes(name)));
    }

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    static String text(Bytes data) {
        return new String(data.toByteArray(), UTF_8);
    }

    /** Adds a client, and has it join. */
    static Group join(Group inviting, MlsClient newcomer) throws MlsException {
        KeyPackageBundle keys = newcomer.generateKeyPackage();
        StagedCommit commit = inviting.commit().add(keys.keyPackage()).build();
        Group joined = newcomer.join(commit.welcome().orElseThrow(), keys);
        inviting.merge(commit);
        return joined;
    }

    /** The name that a member's basic credential gives. */
    static String name(Credential credential) {
        return text(((Credential.Basic) credential).identity());
    }
    // end helpers
}
