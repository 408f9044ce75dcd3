package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.schedule.ScheduleFixture.bytes;
import static org.coppice.mls.schedule.ScheduleFixture.secret;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** RFC 9420 §8.2. */
class TranscriptHashTest {
    @TestFactory
    @Tag("R-8.2-01")
    @Tag("R-8.2-02")
    List<DynamicTest> followsTheOfficialVectors() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : ScheduleFixture.vectors("transcript-hashes")) {
            tests.add(dynamicTest("suite " + vector.get("cipher_suite"), () -> check(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void check(JsonNode vector) {
        SuiteCrypto crypto = ScheduleFixture.crypto(vector);
        // An AuthenticatedContent with a Commit ends with the tag, a vector of Nh bytes; all before that is hashed
        // first.
        Bytes content = bytes(vector, "authenticated_content");
        int tagLength = crypto.hashLength();
        int prefix = tagLength < 64 ? 1 : 2;
        Bytes tag = content.slice(content.length() - tagLength, tagLength);
        Bytes input = content.slice(0, content.length() - tagLength - prefix);

        Bytes confirmed = TranscriptHash.confirmed(bytes(vector, "interim_transcript_hash_before"), input, crypto);
        assertThat(confirmed).isEqualTo(bytes(vector, "confirmed_transcript_hash_after"));
        assertThat(TranscriptHash.interim(confirmed, tag, crypto))
                .isEqualTo(bytes(vector, "interim_transcript_hash_after"));
        try (Secret key = secret(vector, "confirmation_key")) {
            assertThat(crypto.verifyMac(key, confirmed, tag)).isTrue();
        }
    }

    @Test
    @Tag("R-8.2-03")
    void interimHashOfTheFirstEpochCoversItsConfirmationTagAlone() {
        SuiteCrypto crypto = ScheduleFixture.SUITE_1;
        Bytes tag = Bytes.wrap(new byte[32]);
        assertThat(TranscriptHash.interim(TranscriptHash.INITIAL_CONFIRMED, tag, crypto))
                .isEqualTo(crypto.hash(new TlsWriter().vector(tag)));
    }
}
