package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.ScheduleFixture.bytes;
import static org.coppice.mls.schedule.ScheduleFixture.exposed;
import static org.coppice.mls.schedule.ScheduleFixture.secret;
import static org.coppice.mls.schedule.ScheduleFixture.seeded;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 9420 §8.4. */
class PskSecretTest {
    @TestFactory
    @Tag("R-8.4-03")
    @Tag("R-8.4-04")
    List<DynamicTest> chainsTheOfficialVectors() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : ScheduleFixture.vectors("psk_secret")) {
            String name = "suite " + vector.get("cipher_suite") + ", "
                    + vector.get("psks").size() + " keys";
            tests.add(dynamicTest(name, () -> {
                SuiteCrypto crypto = ScheduleFixture.crypto(vector);
                List<PskInput> inputs = new ArrayList<>();
                for (JsonNode psk : vector.get("psks")) {
                    TlsWriter id = new TlsWriter();
                    id.uint8(1).vector(bytes(psk, "psk_id")).vector(bytes(psk, "psk_nonce"));
                    inputs.add(new PskInput(id.toBytes(), secret(psk, "psk")));
                }
                try (PskSecret chained = PskSecret.of(inputs, crypto)) {
                    assertThat(exposed(chained.value())).isEqualTo(bytes(vector, "psk_secret"));
                }
                assertThat(inputs).noneMatch(input -> input.psk().isClosed());
            }));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    @Test
    @Tag("R-8-04")
    @Tag("R-8.4-06")
    void noKeyGivesAsManyZerosAsTheHashIsLong() throws ValidationException {
        try (PskSecret none = PskSecret.none(SUITE_1);
                PskSecret empty = PskSecret.of(List.of(), SUITE_1)) {
            assertThat(exposed(none.value())).isEqualTo(Bytes.wrap(new byte[32]));
            assertThat(exposed(empty.value())).isEqualTo(Bytes.wrap(new byte[32]));
        }
    }

    @Test
    @Tag("R-12.1.4-05")
    @Tag("R-8.4-03")
    void orderOfTheKeysMatters() throws ValidationException {
        try (Secret a = seeded(SUITE_1, 1);
                Secret b = seeded(SUITE_1, 2)) {
            PskInput first = new PskInput(Bytes.fromHex("01"), a);
            PskInput second = new PskInput(Bytes.fromHex("02"), b);
            try (PskSecret there = PskSecret.of(List.of(first, second), SUITE_1);
                    PskSecret back = PskSecret.of(List.of(second, first), SUITE_1)) {
                assertThat(exposed(there.value())).isNotEqualTo(exposed(back.value()));
            }
        }
    }

    @Test
    @Tag("R-8.4-07")
    void refusesMoreKeysThanTheCountCanHold() throws ValidationException {
        try (Secret a = seeded(SUITE_1, 1)) {
            PskInput one = new PskInput(Bytes.fromHex("01"), a);
            PskSecret.of(Collections.nCopies(65535, one), SUITE_1).close();
            assertThatThrownBy(() -> PskSecret.of(Collections.nCopies(65536, one), SUITE_1))
                    .isInstanceOfSatisfying(
                            ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.PSK_COUNT));
        }
    }

    @Test
    @Tag("R-9.2-06")
    void wipesAllIntermediateSecrets() throws ValidationException {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        try (Secret a = seeded(crypto, 1);
                Secret b = seeded(crypto, 2)) {
            List<PskInput> inputs = List.of(new PskInput(Bytes.fromHex("01"), a), new PskInput(Bytes.fromHex("02"), b));
            PskSecret.of(inputs, crypto).close();
            assertThat(watch.alive()).as("the two keys are the caller's").isEqualTo(2);
        }
        // For each key: the zero salt, psk_extracted and psk_input.
        assertThat(watch.macs()).isEqualTo(6);
        assertThat(watch.alive()).isZero();
    }
}
