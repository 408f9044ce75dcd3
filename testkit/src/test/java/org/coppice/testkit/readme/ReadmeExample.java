package org.coppice.testkit.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;

/** The example of the README, compiled and run. */
final class ReadmeExample {
    private ReadmeExample() {}

    static String run() throws MlsException {
        // example:begin
        var environment =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        var suite = MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        var alice = MlsClient.create(environment, suite, Credential.basic(Bytes.copyOf("alice".getBytes(UTF_8))));
        var bob = MlsClient.create(environment, suite, Credential.basic(Bytes.copyOf("bob".getBytes(UTF_8))));

        KeyPackageBundle bobsKeys = bob.generateKeyPackage(); // bob publishes bobsKeys.message()
        Group alicesGroup = alice.createGroup();
        StagedCommit commit = alicesGroup.commit().add(bobsKeys.keyPackage()).build();
        Group bobsGroup = bob.join(commit.welcome().orElseThrow(), bobsKeys);
        alicesGroup.merge(commit); // once the delivery service has accepted it

        var message = alicesGroup.encrypt("hello, bob".getBytes(UTF_8));
        var received = (Received.Application) bobsGroup.receive(message);
        // example:end
        return new String(received.data().toByteArray(), UTF_8);
    }
}
