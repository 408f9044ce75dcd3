package org.coppice.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.coppice.cli.Coppice;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    @Test
    void namesTheProviderOfEachPrimitiveAndThePlatform() {
        Coppice.Run run = Coppice.run("doctor");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("java ", "processors", "SHA-256", "X25519", "Ed448", "ES512");
        assertThat(run.lastLine()).isEqualTo("✓ all seven cipher suites work");
    }

    @Test
    void theJdkAloneServesEverything() throws Exception {
        Coppice.Run run = Coppice.run("doctor", "--provider", "jdk", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("primitives"))
                .hasSize(16)
                .allSatisfy(
                        entry -> assertThat(entry.get("provider").textValue()).isEqualTo("jdk"));
        assertThat(json.get("missing_cipher_suites")).isEmpty();
    }
}
