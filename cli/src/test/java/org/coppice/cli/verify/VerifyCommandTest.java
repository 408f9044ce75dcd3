package org.coppice.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    @TempDir
    private Path directory;

    private Town town;

    @BeforeEach
    void start() {
        town = new Town(directory).settle("alice", "bob");
        town.did("alice", "group", "create", "garden", "bob");
    }

    @AfterEach
    void stop() {
        town.close();
    }

    @Test
    @Tag("A-8.4.3-07")
    void bothSeeTheSameDigits() {
        JsonNode alices = town.json("alice", "verify", "bob");
        JsonNode bobs = town.json("bob", "verify", "alice");
        assertThat(alices.get("digits").textValue())
                .matches("[0-9]{60}")
                .isEqualTo(bobs.get("digits").textValue());
        String printed = town.did("alice", "verify", "bob");
        assertThat(printed).contains("▀", "? the keys of bob are not verified");
        assertThat(printed.replaceAll("[^0-9]", ""))
                .isEqualTo(alices.get("digits").textValue());
    }

    @Test
    void whatIsConfirmedIsNotedAndCanBeTakenBack() {
        assertThat(town.did("alice", "verify", "bob", "--confirm", digits()))
                .contains("✓ the keys of bob are verified");
        assertThat(town.did("alice", "group", "members", "garden")).contains("bob/terminal    ✓ verified");
        assertThat(town.did("bob", "group", "members", "garden")).contains("? not verified");
        town.did("alice", "verify", "bob", "--undo");
        assertThat(town.did("alice", "group", "members", "garden")).contains("bob/terminal    ? not verified");
    }

    private String digits() {
        return town.json("alice", "verify", "bob").get("digits").textValue();
    }

    @Test
    void aFurtherDeviceIsNotVerifiedWithTheOthers() {
        town.did("alice", "verify", "bob", "--confirm", digits());
        String before = town.json("alice", "verify", "bob").get("digits").textValue();
        town.addDevice("bob", "phone");
        town.did("alice", "group", "invite", "garden", "bob/phone");
        Coppice.Run late = town.as("alice", "verify", "bob", "--confirm", before);
        assertThat(late.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(late.err())
                .startsWith("coppice: the keys of bob have other digits: mistyped, or changed since\nhint: ");
        JsonNode after = town.json("alice", "verify", "bob");
        assertThat(after.get("digits").textValue()).isNotEqualTo(before);
        assertThat(after.get("verified").booleanValue()).isFalse();
    }

    @Test
    void digitsMayBeGivenAsTheyAreReadAndOnlyInWhole() {
        assertThat(town.did(
                        "alice",
                        "verify",
                        "bob",
                        "--confirm",
                        digits().replaceAll("(.{5})", "$1 ").strip()))
                .contains("✓ the keys of bob are verified");
        assertThat(town.as("alice", "verify", "bob", "--confirm", digits().substring(0, 30))
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(town.as("alice", "verify", "bob", "--confirm").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whoIsNowhereCannotBeCompared() {
        Coppice.Run run = town.as("alice", "verify", "carol");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).startsWith("coppice: no conversation with carol\nhint: ");
        assertThat(town.as("alice", "verify", "alice").code()).isEqualTo(ExitCode.USAGE);
        assertThat(town.as("alice", "verify", "bob", "--confirm", digits(), "--undo")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }
}
