package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Main;
import org.coppice.cli.Terminal;
import org.coppice.cli.Town;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts by the word of an OpenID provider. */
class IdTokenTest {
    private static final Pattern NONCE = Pattern.compile("the nonce ([\\w-]+)");

    @TempDir
    private Path directory;

    private String url;

    private String[] command(String user, String file) {
        return new String[] {
            "account",
            "new",
            "--name",
            user,
            "--no-passphrase",
            "--server",
            url,
            "--home",
            directory.resolve(user).toString(),
            "--id-token",
            file
        };
    }

    /** Runs with the token on standard input that {@code provide} makes of the nonce that was said. */
    private Coppice.Run withToken(String user, UnaryOperator<String> provide) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = new InputStream() {
            private byte[] token;
            private int read;

            @Override
            public int read() {
                if (token == null) {
                    Matcher said = NONCE.matcher(err.toString(StandardCharsets.UTF_8));
                    assertThat(said.find()).isTrue();
                    token = (provide.apply(said.group(1)) + "\n").getBytes(StandardCharsets.UTF_8);
                }
                return read == token.length ? -1 : token[read++];
            }
        };
        Terminal terminal = new Terminal(
                in,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
        int code = Main.run(terminal, command(user, "-"));
        return new Coppice.Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whoTheProviderKnowsGetsACertificateForTheKeyThatTheTokenIsFor() throws Exception {
        try (OpenIdProvider provider = new OpenIdProvider();
                CoppiceProcess server = CoppiceProcess.serveAuthority(directory, "--oidc-issuer", provider.issuer())) {
            url = Town.parse(server.line()).get("url").textValue();
            Coppice.Run alice = withToken("alice", nonce -> provider.token("alice", nonce));
            assertThat(alice.code()).as(alice.err()).isZero();
            assertThat(alice.out()).contains("alice/terminal is registered at " + url);
            assertThat(directory.resolve("alice")).isDirectoryRecursivelyContaining("glob:**/authority.der");

            Coppice.Run otherKey = withToken("bob", nonce -> provider.token("bob", "of another key"));
            assertThat(otherKey.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(otherKey.err()).contains("with the nonce that is said");
            Coppice.Run otherUser = withToken("bob", nonce -> provider.token("eve", nonce));
            assertThat(otherUser.code()).isEqualTo(ExitCode.FAILED_CHECK);
            assertThat(otherUser.err()).contains("--name by which the provider knows you");
            Coppice.Run noToken = withToken("bob", nonce -> "secret words");
            assertThat(noToken.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(noToken.err()).contains("there is no ID token").doesNotContain("secret words");
            Coppice.Run noFile =
                    Coppice.run(command("bob", directory.resolve("none").toString()));
            assertThat(noFile.code()).isEqualTo(ExitCode.BAD_INPUT);

            Path file = directory.resolve("token");
            Files.writeString(file, provider.token("bob", "made before the key"));
            assertThat(Coppice.run(command("bob", file.toString())).code()).isEqualTo(ExitCode.FAILED_CHECK);
            Coppice.Run bob = withToken("bob", nonce -> provider.token("bob", nonce));
            assertThat(bob.code()).as(bob.err()).isZero();
        }
    }
}
