package org.coppice.delivery.http;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How the server shows itself, TLS 1.2 and 1.3.
 *
 * @param keyStore a PKCS#12 file with the server's key and its chain; read once, at the start
 * @param password of the file and of the key in it
 * @param clientTrust a PKCS#12 file with the authorities whose certificates clients have to show; if empty, clients show none. A
 *     certificate that names clients by URIs like {@code coppice:alice/laptop} also binds which tokens may be used over its connection
 * @param clientTrustPassword of that file; empty if it has none
 */
public record Tls(Path keyStore, String password, Optional<Path> clientTrust, Optional<String> clientTrustPassword) {
    /** Checks that nothing is missing. */
    public Tls {
        Objects.requireNonNull(keyStore, "keyStore");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(clientTrust, "clientTrust");
        Objects.requireNonNull(clientTrustPassword, "clientTrustPassword");
    }

    /** Without asking clients for certificates. */
    public static Tls of(Path keyStore, String password) {
        return new Tls(keyStore, password, Optional.empty(), Optional.empty());
    }

    SslContextFactory.Server context() {
        SslContextFactory.Server out = new SslContextFactory.Server();
        out.setKeyStorePath(keyStore);
        out.setKeyStoreType("PKCS12");
        out.setKeyStorePassword(password);
        out.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        if (clientTrust.isPresent()) {
            out.setTrustStorePath(clientTrust.get().toString());
            out.setTrustStoreType("PKCS12");
            out.setTrustStorePassword(clientTrustPassword.orElse(null));
            out.setNeedClientAuth(true);
        }
        return out;
    }

    /** Leaves the passwords out. */
    @Override
    public String toString() {
        return "Tls[keyStore=" + keyStore + ", clientTrust=" + clientTrust + "]";
    }
}
