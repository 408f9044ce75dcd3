package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.ScheduleFixture.exposed;
import static org.coppice.mls.schedule.ScheduleFixture.seeded;

import java.util.Arrays;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Reachable;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The secrets of an epoch as they are stored and copied. */
class EpochSecretsStorageTest {
    @Test
    void storedSecretsReadBackAtEveryStage() throws DecodeException {
        try (EpochSecrets secrets = epoch(1)) {
            readsBack(secrets);
            secrets.takeSecretTree(2).close();
            readsBack(secrets);
            secrets.retire();
            readsBack(secrets);
        }
    }

    /** So that the next state can be written, and the write fail, before anything changes. */
    @Test
    void copyGoesItsOwnWay() throws DecodeException {
        try (EpochSecrets secrets = epoch(1)) {
            EpochSecrets copy = secrets.copy();
            assertThat(stored(copy)).isEqualTo(stored(secrets));
            copy.retire();
            secrets.initSecret();
            readsBack(copy);
            copy.close();
            readsBack(secrets);
        }
    }

    private static void readsBack(EpochSecrets secrets) throws DecodeException {
        byte[] stored = stored(secrets);
        try (EpochSecrets restored = restore(stored, SUITE_1)) {
            assertThat(stored(restored)).isEqualTo(stored);
            assertThat(senderDataKey(restored)).isEqualTo(senderDataKey(secrets));
        }
    }

    @Test
    void refusesStoredSecretsThatAreDamagedOrOfAnotherSuite() {
        byte[] stored;
        try (EpochSecrets secrets = epoch(1)) {
            stored = stored(secrets);
        }
        for (int i = 0; i < stored.length; i++) {
            byte[] cut = Arrays.copyOf(stored, i);
            assertThatThrownBy(() -> restore(cut, SUITE_1)).isInstanceOf(DecodeException.class);
        }
        byte[] newer = stored.clone();
        newer[0]++;
        assertThatThrownBy(() -> restore(newer, SUITE_1))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
        SuiteCrypto suite4 = ScheduleFixture.crypto(CipherSuite.MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448);
        assertThatThrownBy(() -> restore(stored, suite4)).isInstanceOf(DecodeException.class);
    }

    /** A load that is refused wipes in this way what it has read. */
    @Test
    @Tag("R-9.2-01")
    void whatWasReadCanBeWiped() throws DecodeException {
        byte[] stored;
        try (EpochSecrets secrets = epoch(1)) {
            stored = stored(secrets);
        }
        EpochSecretSet read = EpochSecretSet.restore(new TlsReader(Bytes.wrap(stored), DecodeLimits.DEFAULT), SUITE_1);
        Set<Secret> secrets = Reachable.secretsOf(read);
        assertThat(secrets).hasSizeGreaterThan(8).noneMatch(Secret::isClosed);
        read.close();
        assertThat(secrets).allMatch(Secret::isClosed);
        assertThat(read.size()).isZero();
    }

    private static Bytes senderDataKey(EpochSecrets secrets) {
        try (SenderDataKeys keys = secrets.senderDataKeys(Bytes.EMPTY)) {
            return exposed(keys.key());
        }
    }

    private static EpochSecrets epoch(long seed) {
        return EpochSecrets.first(seeded(SUITE_1, seed), SUITE_1);
    }

    private static byte[] stored(EpochSecrets secrets) {
        SecretWriter out = new SecretWriter();
        secrets.exposeTo(out);
        return out.toByteArray();
    }

    private static EpochSecrets restore(byte[] stored, SuiteCrypto crypto) throws DecodeException {
        return EpochSecrets.restore(new TlsReader(Bytes.copyOf(stored), DecodeLimits.DEFAULT), crypto);
    }
}
