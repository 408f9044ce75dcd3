package org.coppice.delivery.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
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

    /** Throws {@link IOException}, saying which file it is about, unless the files can be read. */
    SslContextFactory.Server context() throws IOException {
        SslContextFactory.Server out = new SslContextFactory.Server();
        out.setKeyStore(load(keyStore, password));
        out.setKeyStorePassword(password);
        out.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        if (clientTrust.isPresent()) {
            out.setTrustStore(load(clientTrust.get(), clientTrustPassword.orElse(null)));
            out.setNeedClientAuth(true);
        }
        return out;
    }

    private static KeyStore load(Path file, String password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password == null ? null : password.toCharArray());
            return store;
        } catch (NoSuchFileException e) {
            throw new IOException("there is no key store " + file, e);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(
                    "the key store " + file + " cannot be opened; is it PKCS#12, and the password right?", e);
        }
    }

    /** Leaves the passwords out. */
    @Override
    public String toString() {
        return "Tls[keyStore=" + keyStore + ", clientTrust=" + clientTrust + "]";
    }
}
