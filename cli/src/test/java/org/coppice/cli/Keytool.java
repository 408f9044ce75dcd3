package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Key stores of servers, made by the JDK's own tool. */
public final class Keytool {
    /** Of each key store. */
    public static final String PASSWORD = "changeit";

    private Keytool() {}

    /** A new key store with a certificate that only itself vouches for, such as for {@code ip:127.0.0.1}. */
    public static Path keys(Path directory, String host) throws IOException, InterruptedException {
        Path out = directory.resolve("server.p12");
        run(out, "-genkeypair", "-keyalg", "EC", "-dname", "CN=server", "-ext", "san=" + host);
        return out;
    }

    /** The certificate in a key store, in PEM. */
    public static Path certificate(Path keys) throws IOException, InterruptedException {
        Path out = keys.resolveSibling("server.pem");
        run(keys, "-exportcert", "-rfc", "-file", out.toString());
        return out;
    }

    private static void run(Path keys, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "key", "-keystore", keys.toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
