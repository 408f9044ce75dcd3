package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.crypto.CryptoProviders;
import org.junit.jupiter.api.Test;

/** Where a library is missing, its provider answers empty and tells why, and the next one serves. */
class AbsentLibrariesTest {
    @Test
    void withoutTheirJarsTheNativeProvidersStandBack() throws Exception {
        String report = reportWithout("conscrypt", "Corretto");
        assertThat(report)
                .contains("X25519: bc [not conscrypt: ")
                .contains("AES-128-GCM: jdk")
                .contains("Ed25519: bc [not accp: ")
                .contains("P-384: bc [not accp: ")
                .contains("SHA-256: jdk\n");
    }

    @Test
    void withoutItsJarBouncyCastleStandsBack() throws Exception {
        String report = reportWithout("bcprov", "conscrypt", "Corretto");
        assertThat(report).contains("Ed448: jdk [not bc: ").contains("X25519: jdk [not ");
    }

    /** The report of the best provider in a class loader of its own that lacks some jars of this class path. */
    private static String reportWithout(String... jars) throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!isOneOf(entry, jars)) {
                path.add(url(entry));
            }
        }
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), platform)) {
            Class<?> providers = Class.forName(CryptoProviders.class.getName(), true, loader);
            Object best = providers.getMethod("best").invoke(null);
            return best.getClass().getMethod("report").invoke(best).toString();
        }
    }

    private static boolean isOneOf(String entry, String... jars) {
        for (String jar : jars) {
            if (new File(entry).getName().contains(jar)) {
                return true;
            }
        }
        return false;
    }

    private static URL url(String entry) throws MalformedURLException {
        return new File(entry).toURI().toURL();
    }
}
