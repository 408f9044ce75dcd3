package org.coppice.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificate that the server shows, as a client on this machine sees it. */
final class ServerCertificate {
    private final String alias;
    private final X509Certificate[] chain;

    private ServerCertificate(String alias, X509Certificate[] chain) {
        this.alias = alias;
        this.chain = chain;
    }

    /** That of the only key in a key store; empty if there is none, or several. */
    static Optional<ServerCertificate> in(Path keyStore, String password) {
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            List<String> keys = Collections.list(store.aliases()).stream()
                    .filter(alias -> isKey(store, alias))
                    .toList();
            if (keys.size() != 1) {
                return Optional.empty();
            }
            X509Certificate[] chain = Arrays.stream(store.getCertificateChain(keys.get(0)))
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            return Optional.of(new ServerCertificate(keys.get(0), chain));
        } catch (IOException | GeneralSecurityException e) {
            // The server has read it, or has said why not.
            return Optional.empty();
        }
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias) && store.getCertificateChain(alias) != null;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Its name in the key store. */
    String alias() {
        return alias;
    }

    /** Whether clients on this machine trust it without being told to. */
    boolean isTrustedHere() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    x509.checkServerTrusted(chain, "UNKNOWN");
                    return true;
                }
            }
            return false;
        } catch (CertificateException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has a trust manager", e);
        }
    }

    /** A URL of the server on this machine with a name that the certificate has, if it has one for it. */
    String reachable(String url) {
        URI uri = URI.create(url);
        boolean isLocal = uri.getHost().matches("127\\..*|\\[?::1]?");
        return isLocal && !names(uri.getHost()) && names("localhost")
                ? url.replace("//" + uri.getHost(), "//localhost")
                : url;
    }

    private boolean names(String host) {
        try {
            Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(name -> host.equals(name.get(1)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
