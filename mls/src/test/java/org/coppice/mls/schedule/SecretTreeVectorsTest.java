package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.schedule.ScheduleFixture.bytes;
import static org.coppice.mls.schedule.ScheduleFixture.exposed;
import static org.coppice.mls.schedule.ScheduleFixture.secret;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The official vectors of RFC 9420 §9 and §6.3.2. */
class SecretTreeVectorsTest {
    @TestFactory
    @Tag("R-9-01")
    @Tag("R-9-02")
    @Tag("R-9-03")
    @Tag("R-9.1-02")
    @Tag("R-9.1-03")
    List<DynamicTest> givesTheKeysOfTheOfficialVectorsInAnyOrder() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : ScheduleFixture.vectors("secret-tree")) {
            String name = "suite " + vector.get("cipher_suite") + ", "
                    + vector.get("leaves").size() + " leaves";
            tests.add(dynamicTest(name, () -> {
                for (long seed = 0; seed < 4; seed++) {
                    receive(vector, seed);
                }
                send(vector);
                senderData(vector);
            }));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private record Use(int leaf, RatchetType type, JsonNode expected) {}

    private static void receive(JsonNode vector, long seed) throws ValidationException {
        List<Use> uses = new ArrayList<>();
        JsonNode leaves = vector.get("leaves");
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            for (JsonNode expected : leaves.get(leaf)) {
                uses.add(new Use(leaf, RatchetType.HANDSHAKE, expected));
                uses.add(new Use(leaf, RatchetType.APPLICATION, expected));
            }
        }
        Collections.shuffle(uses, new Random(seed));
        try (SecretTree tree = tree(vector)) {
            for (Use use : uses) {
                try (PendingKey key = tree.receivingKey(
                        new LeafIndex(use.leaf),
                        use.type,
                        use.expected.get("generation").asLong(),
                        RatchetLimits.DEFAULT)) {
                    check(key, use);
                    key.confirm();
                }
            }
        }
    }

    private static void send(JsonNode vector) {
        JsonNode leaves = vector.get("leaves");
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            try (SecretTree tree = tree(vector)) {
                for (RatchetType type : RatchetType.values()) {
                    long sent = 0;
                    for (JsonNode expected : leaves.get(leaf)) {
                        while (sent <= expected.get("generation").asLong()) {
                            try (PendingKey key = tree.nextSendingKey(new LeafIndex(leaf), type)) {
                                assertThat(key.generation()).isEqualTo(sent);
                                if (sent == expected.get("generation").asLong()) {
                                    check(key, new Use(leaf, type, expected));
                                }
                                key.confirm();
                                sent++;
                            }
                        }
                    }
                }
            }
        }
    }

    private static void check(PendingKey key, Use use) {
        String prefix = use.type == RatchetType.HANDSHAKE ? "handshake_" : "application_";
        assertThat(exposed(key.key())).isEqualTo(bytes(use.expected, prefix + "key"));
        assertThat(exposed(key.nonce())).isEqualTo(bytes(use.expected, prefix + "nonce"));
    }

    private static void senderData(JsonNode vector) {
        SuiteCrypto crypto = ScheduleFixture.crypto(vector);
        JsonNode data = vector.get("sender_data");
        try (Secret secret = secret(data, "sender_data_secret");
                SenderDataKeys keys = SenderDataKeys.derive(secret, bytes(data, "ciphertext"), crypto)) {
            assertThat(exposed(keys.key())).isEqualTo(bytes(data, "key"));
            assertThat(exposed(keys.nonce())).isEqualTo(bytes(data, "nonce"));
        }
    }

    private static SecretTree tree(JsonNode vector) {
        return SecretTree.of(
                secret(vector, "encryption_secret"), vector.get("leaves").size(), ScheduleFixture.crypto(vector));
    }
}
