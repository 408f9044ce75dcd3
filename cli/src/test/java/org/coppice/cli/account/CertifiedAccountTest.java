package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts with certificates, at a server that takes no others. */
class CertifiedAccountTest {
    @TempDir
    private Path directory;

    private String url;

    private Coppice.Run coppice(String home, String... args) {
        return coppiceWith(home, "", args);
    }

    private Coppice.Run coppiceWith(String home, String input, String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--home";
        all[args.length + 1] = directory.resolve(home).toString();
        return Coppice.runWith(input.getBytes(StandardCharsets.UTF_8), all);
    }

    private Coppice.Run register(String home, String name, String device, String code) {
        return coppice(home, account(name, device, "--code", code));
    }

    private String[] account(String name, String device, String... more) {
        return Stream.concat(
                        Stream.of(
                                "account",
                                "new",
                                "--name",
                                name,
                                "--device",
                                device,
                                "--no-passphrase",
                                "--server",
                                url),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private String operatorCode(String user) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/ca/operator/codes"))
                .header(
                        "Operator-Token",
                        Files.readString(directory.resolve("data/operator-token"))
                                .strip())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\": \"" + user + "\"}"))
                .build();
        return Town.parse(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .get("code")
                .textValue();
    }

    @Test
    void whoHasACodeGetsACertificateAndMembersWithOneTalk() throws Exception {
        try (CoppiceProcess server = CoppiceProcess.serveAuthority(directory)) {
            url = Town.parse(server.line()).get("url").textValue();
            Coppice.Run alice = register("alice", "alice", "terminal", operatorCode("alice"));
            assertThat(alice.code()).as(alice.err()).isZero();
            assertThat(alice.err()).contains("trusting the authority of " + url);
            assertThat(alice.err()).contains("others on this machine could see the code");
            String used = operatorCode("bob");
            Coppice.Run bob = coppiceWith("bob", used + "\n", account("bob", "terminal", "--code", "-"));
            assertThat(bob.code()).as(bob.err()).isZero();
            assertThat(bob.err()).doesNotContain("could see");
            assertThat(coppice("alice", "group", "create", "garden", "bob").code())
                    .isZero();
            assertThat(coppice("bob", "group", "list").out()).contains("garden  2 members");
            assertThat(coppice("alice", "group", "members", "garden").out())
                    .contains("bob/terminal    ✓ certificate")
                    .doesNotContain("?");
            assertThat(Town.parse(coppice("alice", "group", "members", "garden", "--json")
                                    .out())
                            .findValues("certified"))
                    .hasSize(2)
                    .allMatch(JsonNode::booleanValue);
            assertThat(coppiceWith("bob", "hello\n", "chat", "garden").code()).isZero();
            assertThat(coppice("alice", "group", "history", "garden").out())
                    .contains("bob  hello")
                    .doesNotContain("bob?");
            Coppice.Run code = coppice("alice", "account", "code", "--device", "phone");
            assertThat(code.code()).as(code.err()).isZero();
            Path file = Files.writeString(directory.resolve("code"), code.out());
            assertThat(coppice("phone", account("alice", "phone", "--code-file", file.toString()))
                            .code())
                    .isZero();
            assertThat(coppice("phone", account("alice", "phone", "--code", "-", "--code-file", file.toString()))
                            .code())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(coppiceWith("eve", "\n", account("eve", "phone", "--code", "-"))
                            .code())
                    .isEqualTo(ExitCode.BAD_INPUT);
            assertThat(coppice("alice", "account", "revoke", "--client", "bob/terminal")
                            .code())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(coppice("alice", "account", "revoke", "--client", "alice/terminal")
                            .code())
                    .isEqualTo(ExitCode.USAGE);
            String[] lost = {"account", "revoke", "--client", "alice/phone", "--compromised"};
            Coppice.Run revoked = coppice("alice", lost);
            assertThat(revoked.code()).as(revoked.err()).isZero();
            assertThat(revoked.out()).contains("alice/phone is revoked");
            Coppice.Run again = coppice("alice", lost);
            assertThat(again.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(again.err()).contains("has no certificate that is valid");
            assertThat(coppice("phone", "group", "create", "shed").code()).isNotZero();
            // Whom it names would count again, and a list of before would be taken for the latest.
            Path list = directory.resolve("phone/accounts/alice/phone/revoked.crl");
            Files.write(list, Arrays.copyOf(Files.readAllBytes(list), 100));
            Coppice.Run damaged = coppice("phone", "group", "list");
            assertThat(damaged.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(damaged.err()).contains("cannot read who is revoked in " + list);
            // A code serves once, and its own user alone.
            assertThat(register("eve", "bob", "phone", used).code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(register("eve", "eve", "terminal", operatorCode("bob")).code())
                    .isEqualTo(ExitCode.FAILED_CHECK);
            Coppice.Run without = coppice("eve", "account", "new", "--name", "eve", "--no-passphrase", "--server", url);
            assertThat(without.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(without.err()).contains("hint: ask its operator for a code");
            Coppice.Run other = coppice(
                    "eve",
                    "account",
                    "new",
                    "--name",
                    "carol",
                    "--no-passphrase",
                    "--server",
                    url,
                    "--code",
                    operatorCode("carol"),
                    "--fingerprint",
                    "00");
            assertThat(other.err()).contains("has another fingerprint");
            assertThat(coppice("eve", "account", "list").out()).isEmpty();
        }
    }
}
