package org.coppice.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Keytool;
import org.coppice.cli.Town;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.server.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServeCommandTest {
    @TempDir
    private Path directory;

    @Test
    void theBannerSaysWhereHealthIs() throws Exception {
        try (CoppiceProcess server = CoppiceProcess.start(
                directory,
                Map.of("COPPICE_DATA", directory.resolve("data").toString()),
                "serve",
                "--port",
                "0",
                "--ops-host",
                "localhost",
                "--ops-port",
                "0")) {
            String line = server.line();
            while (line != null && !line.contains("health")) {
                line = server.line();
            }
            assertThat(line).as(server.err()).matches(".* http://localhost:\\d+/health/ready, /metrics");
        }
    }

    @Test
    void servesUntilItIsToldToStopAndThenEndsInOrder() throws Exception {
        Path config = Files.writeString(directory.resolve("conf"), "port = 0\nlog-format = json\n");
        Map<String, String> environment =
                Map.of("COPPICE_DATA", directory.resolve("data").toString());
        try (CoppiceProcess server = CoppiceProcess.start(
                directory, environment, "serve", "--config", config.toString(), "--ops-port", "0", "--json")) {
            String first = server.line();
            assertThat(first).as(server.err()).isNotNull();
            JsonNode banner = Town.parse(first);
            assertThat(banner.get("data").textValue()).endsWith("/data");
            String health = "http://127.0.0.1:" + banner.get("ops_port").intValue() + "/health/ready";
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(health)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            Coppice.Run account = Coppice.run(
                    "account",
                    "new",
                    "--name",
                    "alice",
                    "--no-passphrase",
                    "--home",
                    directory.resolve("home").toString(),
                    "--server",
                    banner.get("url").textValue());
            assertThat(account.code()).as(account.err()).isZero();
            server.terminate();
            assertThat(server.code()).as(server.err()).isZero();
            assertThat(server.err()).contains("stopped").doesNotContain("alice");
            assertThat(server.err().lines())
                    .allSatisfy(
                            line -> assertThat(Town.parse(line).has("level")).isTrue());
        }
    }

    /** With a certificate that nobody trusts yet, and a name in it that is not the address. */
    @ParameterizedTest
    @ValueSource(strings = {"ip:127.0.0.1", "dns:localhost"})
    void whatItSaysToDoNextWorks(String name) throws Exception {
        Path keys = Keytool.keys(directory, name);
        Path password = Files.writeString(directory.resolve("server.pw"), Keytool.PASSWORD + "\n");
        List<String> args = List.of(
                "serve",
                "--port",
                "0",
                "--no-ops",
                "--data",
                directory.resolve("data").toString(),
                "--tls-keystore",
                keys.toString(),
                "--tls-password-file",
                password.toString());
        try (CoppiceProcess server = CoppiceProcess.start(directory, Map.of(), args.toArray(String[]::new))) {
            String line = server.line();
            while (!line.startsWith("  keytool")) {
                line = server.line();
            }
            String home = System.getProperty("java.home");
            Process export = new ProcessBuilder((home + "/bin/" + line.strip()).split(" "))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String told = new String(export.getInputStream().readAllBytes(), Charset.defaultCharset());
            assertThat(export.waitFor()).as(told).isZero();
            String next = server.line()
                    .strip()
                    .replace("server.pem", directory.resolve("server.pem").toString());
            assertThat(next).startsWith("coppice account new --name alice --server https://");
            Coppice.Run account = Coppice.run(
                    (next.replaceFirst("coppice ", "") + " --no-passphrase --home " + directory.resolve("home"))
                            .split(" "));
            assertThat(account.code()).as(account.err()).isZero();
        }
    }

    @Test
    void saysThatTheAddressOrTheDataAreInUse() {
        try (Town town = new Town(directory)) {
            String port = Integer.toString(town.server().port());
            Coppice.Run address = Coppice.run(
                    "serve",
                    "--port",
                    port,
                    "--no-ops",
                    "--log-level",
                    "error",
                    "--data",
                    directory.resolve("other").toString());
            assertThat(address.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(address.err()).startsWith("coppice: cannot start: ").contains("choose another --port");
            Coppice.Run data = Coppice.run(
                    "serve",
                    "--port",
                    "0",
                    "--no-ops",
                    "--log-level",
                    "error",
                    "--data",
                    directory.resolve("server").toString());
            assertThat(data.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(data.err()).startsWith("coppice: cannot start: ");
        }
    }

    @Test
    void thePlaceOfADatabaseIsAUrlOfOneOrSeveralHosts() throws Exception {
        Path secret = Files.writeString(directory.resolve("pw"), "of the file\n");
        assertThat(address("postgresql://db/coppice"))
                .isEqualTo(new PostgresEngine.Address("jdbc:postgresql://db/coppice", null, null, 8));
        assertThat(address("jdbc:postgresql://al%40ice:s%3Acret@db:5433/coppice?ssl=true"))
                .isEqualTo(new PostgresEngine.Address(
                        "jdbc:postgresql://db:5433/coppice?ssl=true", "al@ice", "s:cret", 8));
        assertThat(address(
                        "postgresql://coppice@one:5432,two:5432/coppice?targetServerType=primary",
                        "--postgres-password-file",
                        secret.toString()))
                .isEqualTo(new PostgresEngine.Address(
                        "jdbc:postgresql://one:5432,two:5432/coppice?targetServerType=primary",
                        "coppice",
                        "of the file",
                        8));
        for (String wrong :
                List.of("postgresql:///coppice", "postgresql://@/coppice", "postgresql://a,/coppice", "db")) {
            assertThatThrownBy(() -> address(wrong)).as(wrong).isInstanceOf(CommandFailure.class);
        }
        StorageOptions told = options("postgresql://coppice:secret@db/coppice?password=secret");
        assertThat(told.where()).isEqualTo("PostgreSQL, jdbc:postgresql://db/coppice");
    }

    private static PostgresEngine.Address address(String... url) {
        return ((Storage.Postgres) options(url).storage()).address();
    }

    private static StorageOptions options(String... url) {
        List<String> args = new ArrayList<>(List.of(url));
        args.add(0, "--postgres");
        return CommandLine.populateCommand(new StorageOptions(), args.toArray(String[]::new));
    }

    @Test
    void optionsThatMakeNoSenseAreWrongUsage() {
        assertThat(Coppice.run("serve", "--data", "x", "--postgres", "postgresql://h/d")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("serve", "--postgres", "mysql://h/d").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("serve", "--port", "70000").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("serve", "--registration", "some").err())
                .isEqualTo(
                        "coppice: invalid value for option '--registration': expected one of open, x509-only, closed, "
                                + "not some\nhint: run: coppice serve --help\n");
        assertThat(Coppice.run("serve", "--public-url", "https://h/path").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("serve", "--client-trust", "x").code()).isEqualTo(ExitCode.USAGE);
    }
}
