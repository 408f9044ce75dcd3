package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.coppice.delivery.server.ServerConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service in TLS, with and without certificates of clients. */
@Timeout(60)
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path dir;

    private static Path server;
    private static Path alice;
    private static Path nobody;
    private static Path trust;

    @BeforeAll
    static void makeKeys() throws Exception {
        server = makeKey("server", "ip:127.0.0.1,dns:localhost");
        alice = makeKey("alice", "uri:coppice:alice/laptop");
        nobody = makeKey("nobody", "dns:somebody");
        trust = dir.resolve("trust.p12");
        for (Path own : List.of(alice, nobody)) {
            String name = own.getFileName().toString();
            Path certificate = dir.resolve(name + ".pem");
            keytool(
                    "-exportcert",
                    "-rfc",
                    "-alias",
                    "key",
                    "-keystore",
                    own.toString(),
                    "-file",
                    certificate.toString());
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    name,
                    "-keystore",
                    trust.toString(),
                    "-file",
                    certificate.toString());
        }
    }

    private static Path makeKey(String name, String san) throws Exception {
        Path file = dir.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "key",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + san,
                "-keystore",
                file.toString());
        return file;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(output);
        }
    }

    private static KeyStore load(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** A client that trusts the server, and shows a certificate if it is given one. */
    private static HttpClient client(Optional<Path> own) throws Exception {
        return HttpClient.newBuilder().sslContext(context(own)).build();
    }

    private static SSLContext context(Optional<Path> own) throws Exception {
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("server", load(server).getCertificate("key"));
        trusted.init(anchors);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (own.isPresent()) {
            keys.init(load(own.get()), PASSWORD.toCharArray());
        } else {
            keys.init(null, null);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    /**
     * Shakes hands and waits for what the server says to it. In TLS 1.3 a client learns after its own part of the handshake that its
     * certificate was refused; the JDK's HTTP client may then wait for ever, so a socket asks.
     */
    private static void shakeHands(SSLContext context, TestServer node) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", node.server.port())) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            socket.getInputStream().read();
        }
    }

    private static HttpResponse<byte[]> get(HttpClient client, TestServer node, String token) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + node.server.port() + "/v1/key-packages");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    @Tag("A-6.4-02")
    @Tag("A-8.1-01")
    @Tag("A-8-02")
    void speaksHttp2InTls() throws Exception {
        try (TestServer node = TestServer.start(config -> config.withTls(Tls.of(server, PASSWORD)))) {
            assertThat(node.server.url()).isEqualTo("https://127.0.0.1:" + node.server.port());
            HttpResponse<byte[]> answer = get(client(Optional.empty()), node, TestServer.ALICE);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    void aCertificateOfAClientBindsItsToken() throws Exception {
        Tls tls = new Tls(server, PASSWORD, Optional.of(trust), Optional.of(PASSWORD));
        try (TestServer node = TestServer.start(config -> config.withTls(tls))) {
            assertThat(get(client(Optional.of(alice)), node, TestServer.ALICE).statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> stolen = get(client(Optional.of(alice)), node, TestServer.BOB);
            assertThat(TestServer.problem(stolen)).isEqualTo("not-allowed");
            assertThat(get(client(Optional.of(nobody)), node, TestServer.BOB).statusCode())
                    .isEqualTo(200);
            for (Optional<Path> refused : List.of(Optional.<Path>empty(), Optional.of(server))) {
                assertThatThrownBy(() -> shakeHands(context(refused), node))
                        .isInstanceOf(IOException.class)
                        .as("it went on")
                        .isNotInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aMissingKeyStoreIsToldAtTheStart() {
        assertThatThrownBy(() -> TestServer.start(config -> config.withTls(Tls.of(dir.resolve("none"), PASSWORD))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TestServer.start(config -> config.withTls(Tls.of(server, "wrong"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(ServerConfig.DEFAULT.withTls(Tls.of(server, "sesame")).toString())
                .doesNotContain("sesame");
    }
}
