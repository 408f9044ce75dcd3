package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Test;

class KeyPackageBundleTest {
    /** Was told as the caller's mistake once, which it is not. */
    @Test
    void aStoredBundleWhoseKeysAreNotThoseOfThePackageIsDamaged() throws Exception {
        Environment environment =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        MlsClient client =
                MlsClient.create(environment, CipherSuite.STANDARD.get(0), Credential.basic(Bytes.fromHex("aa")));
        byte[] stored;
        try (KeyPackageBundle bundle = client.generateKeyPackage();
                Secret encoded = bundle.encode()) {
            stored = encoded.exposeCopy();
            // The first byte of the init key, before which there are two versions, a suite, and a length.
            stored[7] ^= 1;
        }
        try (Secret damaged = Secret.wrap(stored)) {
            assertThatThrownBy(() -> KeyPackageBundle.decode(damaged))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
        }
    }
}
