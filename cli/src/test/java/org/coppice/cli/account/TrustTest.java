package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Keytool;
import org.coppice.cli.TestServer;
import org.coppice.delivery.http.Tls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts at a server that has made its certificate itself. */
class TrustTest {
    @TempDir
    private Path directory;

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
        Path keys = Keytool.keys(directory, "ip:127.0.0.1");
        try (TestServer server = TestServer.start(directory.resolve("data"), Tls.of(keys, Keytool.PASSWORD))) {
            Coppice.Run refused = register(server);
            assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(refused.err())
                    .contains("cannot trust " + server.url())
                    .contains("an authority that is not trusted here")
                    .contains("--trust FILE");
            Coppice.Run doctor = Coppice.run("doctor", "--home", home());
            assertThat(doctor.out()).contains("cannot trust " + server.url()).contains("--trust FILE");

            Coppice.Run trusting =
                    register(server, "--trust", Keytool.certificate(keys).toString());
            assertThat(trusting.code()).as(trusting.err()).isZero();
            Coppice.Run later = Coppice.run("group", "list", "--home", home());
            assertThat(later.code()).as(later.err()).isZero();
        }
    }

    @Test
    void aCertificateOfAnotherHostIsTold() throws Exception {
        Path keys = Keytool.keys(directory, "dns:chat.example.org");
        try (TestServer server = TestServer.start(directory.resolve("data"), Tls.of(keys, Keytool.PASSWORD))) {
            Coppice.Run refused =
                    register(server, "--trust", Keytool.certificate(keys).toString());
            assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(refused.err()).contains("names other hosts").contains("use a URL with a name");
        }
    }

    @Test
    void whoSpeaksInClearToAPortWithTlsIsToldSo() throws Exception {
        Path keys = Keytool.keys(directory, "ip:127.0.0.1");
        try (TestServer server = TestServer.start(directory.resolve("data"), Tls.of(keys, Keytool.PASSWORD))) {
            Coppice.Run run = Coppice.run(
                    "account",
                    "new",
                    "--name",
                    "alice",
                    "--no-passphrase",
                    "--server",
                    "http://127.0.0.1:" + server.port(),
                    "--home",
                    home());
            assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.err()).contains("it speaks TLS").contains("use https://127.0.0.1:" + server.port());
        }
    }
}
