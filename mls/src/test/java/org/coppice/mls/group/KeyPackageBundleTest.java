package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodedArrays;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPackageBundleTest {
    /** Of a stored bundle: before the init key there are two versions, a suite and a length, and a length before the leaf's. */
    private static final int INIT_KEY = 7;

    private static final int LEAF_KEY = INIT_KEY + 32 + 1;

    private KeyPackageBundle bundle;

    @BeforeEach
    void aBundle() throws MlsException {
        Environment environment =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        bundle = MlsClient.create(environment, CipherSuite.STANDARD.get(0), Credential.basic(Bytes.fromHex("aa")))
                .generateKeyPackage();
    }

    private byte[] stored() {
        try (Secret encoded = bundle.encode()) {
            return encoded.exposeCopy();
        }
    }

    private static void assertRefused(Rule rule, byte[] stored) {
        try (Secret damaged = Secret.wrap(stored)) {
            assertThatThrownBy(() -> KeyPackageBundle.decode(damaged))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(rule));
        }
    }

    /** Was told as the caller's mistake once, which it is not. */
    @ParameterizedTest
    @ValueSource(ints = {INIT_KEY, LEAF_KEY})
    void aStoredBundleWhoseKeysAreNotThoseOfThePackageIsDamaged(int key) {
        byte[] stored = stored();
        stored[key] ^= 1;
        assertRefused(Rule.STORED_STATE, stored);
    }

    @Test
    void aStoredBundleOfAnotherVersionIsRefused() {
        byte[] stored = stored();
        stored[1] = 2;
        assertRefused(Rule.STORED_STATE, stored);
    }

    @Test
    void aStoredBundleEndsWithItsLastKey() {
        byte[] stored = stored();
        assertRefused(Rule.TRAILING_BYTES, Arrays.copyOf(stored, stored.length + 1));
    }

    @Test
    void aStoredBundleComesBackWithItsKeys() throws DecodeException {
        try (Secret encoded = bundle.encode();
                KeyPackageBundle decoded = KeyPackageBundle.decode(encoded)) {
            assertThat(decoded.keyPackage()).isEqualTo(bundle.keyPackage());
            assertThat(decoded.initKeyPair()
                            .privateKey()
                            .constantTimeEquals(bundle.initKeyPair().privateKey()))
                    .isTrue();
            assertThat(decoded.leafKeyPair()
                            .privateKey()
                            .constantTimeEquals(bundle.leafKeyPair().privateKey()))
                    .isTrue();
        }
    }

    /** Cut anywhere, or too long. */
    @Test
    void aStoredBundleThatIsRefusedLeavesNoKeyBehind() {
        byte[] whole = stored();
        int read = 0;
        for (int length = INIT_KEY; length <= whole.length + 1; length++) {
            if (length == whole.length) {
                continue;
            }
            byte[] stored = Arrays.copyOf(whole, length);
            DecodedSecrets decoded = new DecodedSecrets();
            try (decoded) {
                assertThatThrownBy(() -> KeyPackageBundle.decode(stored, decoded))
                        .isInstanceOf(DecodeException.class);
            }
            assertThat(DecodedArrays.of(decoded)).allMatch(DecodedArrays::isWiped);
            read = Math.max(read, DecodedArrays.of(decoded).size());
        }
        assertThat(read).isEqualTo(2);
    }

    @Test
    void aBundleWithoutItsLeafKeyIsClosed() {
        assertThat(bundle.isClosed()).isFalse();
        bundle.leafKeyPair().close();
        assertThat(bundle.isClosed()).isTrue();
    }

    @Test
    void aBundleWithoutItsInitKeyIsClosed() {
        bundle.initKeyPair().close();
        assertThat(bundle.isClosed()).isTrue();
    }
}
