package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.schedule.ScheduleFixture.bytes;
import static org.coppice.mls.schedule.ScheduleFixture.exposed;
import static org.coppice.mls.schedule.ScheduleFixture.secret;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The official vectors of RFC 9420 §8. */
class KeyScheduleVectorsTest {
    /** The order in which {@link EpochSecrets#exposeTo} writes. */
    private static final List<String> STORED_ORDER = List.of(
            "sender_data_secret",
            "encryption_secret",
            "exporter_secret",
            "external_secret",
            "confirmation_key",
            "membership_key",
            "resumption_psk",
            "epoch_authenticator",
            "init_secret");

    @TestFactory
    @Tag("R-8-01")
    @Tag("R-8-02")
    @Tag("R-8-03")
    @Tag("R-8-05")
    @Tag("R-8-06")
    @Tag("R-8.5-01")
    @Tag("R-8.7-01")
    List<DynamicTest> eachEpochFollowsFromTheOneBefore() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : ScheduleFixture.vectors("key-schedule")) {
            tests.add(dynamicTest("suite " + vector.get("cipher_suite"), () -> chain(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void chain(JsonNode vector) throws MlsException {
        SuiteCrypto crypto = ScheduleFixture.crypto(vector);
        InitSecret init = InitSecret.wrap(secret(vector, "initial_init_secret"));
        EpochSecrets before = null;
        for (JsonNode epoch : vector.get("epochs")) {
            Bytes context = bytes(epoch, "group_context");
            try (CommitSecret commit = CommitSecret.wrap(secret(epoch, "commit_secret"));
                    JoinerSecret joiner = JoinerSecret.derive(init, commit, context, crypto);
                    // The vectors give psk_secret itself, so it is put in by the constructor that the PSK chain uses.
                    PskSecret psk = PskSecret.wrap(secret(epoch, "psk_secret"));
                    MemberSecret member = MemberSecret.derive(joiner, psk, crypto);
                    WelcomeSecret welcome = member.welcomeSecret()) {
                assertThat(exposed(joiner.secret())).isEqualTo(bytes(epoch, "joiner_secret"));
                checkWelcome(welcome, secret(epoch, "welcome_secret"), crypto);
                if (before != null) {
                    before.close();
                }
                before = member.epochSecrets(context);
            }
            checkSecrets(before, epoch);
            init = before.initSecret();
        }
        before.close();
    }

    private static void checkWelcome(WelcomeSecret actual, Secret expected, SuiteCrypto crypto) throws MlsException {
        try (WelcomeSecret welcome = WelcomeSecret.derive(expected, crypto)) {
            assertThat(exposed(actual.key())).isEqualTo(exposed(welcome.key()));
            assertThat(exposed(actual.nonce())).isEqualTo(exposed(welcome.nonce()));
        }
        byte[] groupInfo = {1, 2, 3};
        assertThat(actual.open(actual.seal(groupInfo))).isEqualTo(groupInfo);
        // The label of the key derivation once more, by hand.
        try (Secret key = crypto.expandWithLabel(
                expected, "key", Bytes.EMPTY, crypto.parts().aead().keyLength())) {
            assertThat(exposed(actual.key())).isEqualTo(exposed(key));
        }
    }

    private static void checkSecrets(EpochSecrets secrets, JsonNode epoch) throws MlsException {
        SecretWriter out = new SecretWriter();
        secrets.exposeTo(out);
        TlsReader in = new TlsReader(out.toBytes(), DecodeLimits.DEFAULT);
        assertThat(in.uint8()).isEqualTo(1);
        for (String name : STORED_ORDER) {
            assertThat(in.vector()).as(name).isEqualTo(bytes(epoch, name));
        }
        in.expectEnd();

        assertThat(secrets.epochAuthenticator()).isEqualTo(bytes(epoch, "epoch_authenticator"));
        assertThat(exposed(secrets.resumptionPsk())).isEqualTo(bytes(epoch, "resumption_psk"));
        assertThat(secrets.externalKeyPair().publicKey().data()).isEqualTo(bytes(epoch, "external_pub"));
        Bytes hash = bytes(epoch, "confirmed_transcript_hash");
        try (Secret confirmation = secret(epoch, "confirmation_key");
                Secret membership = secret(epoch, "membership_key")) {
            assertThat(secrets.confirmationTag(hash)).isEqualTo(secrets.crypto().mac(confirmation, hash));
            assertThat(secrets.membershipTag(hash)).isEqualTo(secrets.crypto().mac(membership, hash));
        }
        JsonNode exporter = epoch.get("exporter");
        try (Secret exported = secrets.export(
                exporter.get("label").asText(),
                bytes(exporter, "context"),
                exporter.get("length").asInt())) {
            assertThat(exposed(exported)).isEqualTo(bytes(exporter, "secret"));
        }
    }
}
