package org.coppice.cli.serve;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.http.Tls;
import org.coppice.delivery.server.ServerConfig;
import picocli.CommandLine.Option;

/** Where the server listens, and under which name. */
final class ListenOptions {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address to listen on; 0.0.0.0 for everybody's (default: 127.0.0.1, this machine alone)")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8420",
            description = "port to listen on; 0 for one that is free (default: 8420)")
    private int port;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            split = ",",
            description =
                    "the URL that clients use, without a path; several by commas. Clients sign it when they log in, and no other "
                            + "is accepted (default: that of the address)")
    private List<URI> urls = List.of();

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "certificate and key, PKCS#12; without it, http")
    private Path keyStore;

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "the keystore's password is the first line of this file")
    private Path keyStorePassword;

    @Option(
            names = "--client-trust",
            paramLabel = "FILE",
            description = "demand a client certificate of these authorities, PKCS#12 (default: none is asked for)")
    private Path clientTrust;

    @Option(
            names = "--client-trust-password-file",
            paramLabel = "FILE",
            description = "the password of --client-trust is the first line of this file")
    private Path clientTrustPassword;

    @Option(
            names = "--behind-proxy",
            description = "believe the last address in X-Forwarded-For; only with a proxy that sets it")
    private boolean behindProxy;

    @Option(
            names = "--ops-host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address of health and metrics, in clear and without password (default: 127.0.0.1)")
    private String opsHost;

    @Option(
            names = "--ops-port",
            paramLabel = "PORT",
            defaultValue = "8421",
            description = "port of health and metrics; 0 for one that is free (default: 8421)")
    private int opsPort;

    @Option(names = "--no-ops", description = "no health and metrics at all")
    private boolean noOps;

    /** Where health and metrics are, for whoever is at this machine. */
    String opsUrl(int port) {
        boolean isAny = opsHost.equals("0.0.0.0") || opsHost.equals("::");
        String name = isAny ? "127.0.0.1" : opsHost.contains(":") ? "[" + opsHost + "]" : opsHost;
        return "http://" + name + ":" + port;
    }

    boolean isOpenInClear() {
        return keyStore == null && !behindProxy && !host.matches("127\\..*|::1|localhost");
    }

    /** How a client on this machine reaches a server of this URL. */
    ClientSide clientSide(String url) {
        Optional<ServerCertificate> certificate = keyStore == null
                ? Optional.empty()
                : ServerCertificate.in(keyStore, PasswordFile.read(keyStorePassword));
        Optional<String> export = certificate
                .filter(one -> !one.isTrustedHere())
                .map(one -> "keytool -exportcert -rfc -alias " + one.alias() + " -keystore " + keyStore
                        + " -storepass:file " + keyStorePassword + " -file server.pem");
        return new ClientSide(
                certificate
                        .filter(one -> urls.isEmpty())
                        .map(one -> one.reachable(url))
                        .orElse(url),
                export);
    }

    /**
     * What a client needs.
     *
     * @param url what it calls the server
     * @param export writes {@code server.pem}, if it has to be told to trust that
     */
    record ClientSide(String url, Optional<String> export) {}

    ServerConfig apply(ServerConfig config) {
        ServerConfig out = config.withAddress(host, port)
                .withPublicUrls(urls)
                .withProxy(behindProxy)
                .withOps(noOps ? Optional.empty() : Optional.of(new ServerConfig.Ops(opsHost, opsPort)));
        if (keyStore == null) {
            if (clientTrust != null) {
                throw CommandFailure.usage("--client-trust needs --tls-keystore", "run: coppice serve --help");
            }
            return out;
        }
        if (keyStorePassword == null) {
            throw CommandFailure.usage("--tls-keystore needs --tls-password-file", "run: coppice serve --help");
        }
        return out.withTls(new Tls(
                keyStore,
                PasswordFile.read(keyStorePassword),
                Optional.ofNullable(clientTrust),
                Optional.ofNullable(clientTrustPassword).map(PasswordFile::read)));
    }
}
