package org.coppice.mls.crypto.jdk;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;

/**
 * Finds the platform's own JCA providers. An application may have put others first in the list, for TLS perhaps; what this
 * package answers, and at which speed, does not depend on that.
 */
final class Jca {
    /** OpenJDK's, then Android's. */
    private static final List<String> PLATFORM = List.of("SunEC", "SunJCE", "SUN", "AndroidOpenSSL");

    private Jca() {}

    /** The provider of a service such as ("KeyAgreement", "ECDH"); another JVM's, if none of the known ones has it. */
    static Provider providerOf(String type, String algorithm) throws NoSuchAlgorithmException {
        for (String name : PLATFORM) {
            Provider provider = Security.getProvider(name);
            if (provider != null && provider.getService(type, algorithm) != null) {
                return provider;
            }
        }
        Provider[] any = Security.getProviders(type + "." + algorithm);
        if (any == null || any.length == 0) {
            throw new NoSuchAlgorithmException(type + " " + algorithm);
        }
        return any[0];
    }
}
