package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.TestServer;
import org.coppice.delivery.http.Tls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts at a server that has made its certificate itself. */
class TrustTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    private Path keys(String host) throws Exception {
        Path out = directory.resolve("server.p12");
        keytool(out, "-genkeypair", "-keyalg", "EC", "-dname", "CN=server", "-ext", "san=" + host);
        return out;
    }

    private Path certificate(Path keys) throws Exception {
        Path out = directory.resolve("server.pem");
        keytool(keys, "-exportcert", "-rfc", "-file", out.toString());
        return out;
    }

    private static void keytool(Path keys, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "key", "-keystore", keys.toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private Coppice.Run register(TestServer server, String... more) {
        List<String> args = new ArrayList<>(List.of("account", "new", "--name", "alice", "--no-passphrase"));
        args.addAll(List.of("--server", server.url(), "--home", home()));
        args.addAll(List.of(more));
        return Coppice.run(args.toArray(String[]::new));
    }

    private String home() {
        return directory.resolve("home").toString();
    }

    @Test
    void whoIsToldToTrustTheServerGoesOnWithIt() throws Exception {
        Path keys = keys("ip:127.0.0.1");
        try (TestServer server = TestServer.start(directory.resolve("data"), Tls.of(keys, PASSWORD))) {
            Coppice.Run refused = register(server);
            assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(refused.err())
                    .contains("cannot trust " + server.url())
                    .contains("an authority that is not trusted here")
                    .contains("--trust FILE");
            Coppice.Run doctor = Coppice.run("doctor", "--home", home());
            assertThat(doctor.out()).contains("cannot trust " + server.url()).contains("--trust FILE");

            Coppice.Run trusting = register(server, "--trust", certificate(keys).toString());
            assertThat(trusting.code()).as(trusting.err()).isZero();
            Coppice.Run later = Coppice.run("group", "list", "--home", home());
            assertThat(later.code()).as(later.err()).isZero();
        }
    }

    @Test
    void aCertificateOfAnotherHostIsTold() throws Exception {
        Path keys = keys("dns:chat.example.org");
        try (TestServer server = TestServer.start(directory.resolve("data"), Tls.of(keys, PASSWORD))) {
            Coppice.Run refused = register(server, "--trust", certificate(keys).toString());
            assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(refused.err()).contains("names other hosts").contains("use a URL with a name");
        }
    }
}
