package org.coppice.crypto.nativelib;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.Provider;

/** The one class that names a class of ACCP, and so does not link where its jar is missing. */
final class AccpLibrary {
    /** The system property without which the library cannot import Ed25519 keys. */
    static final String ED_KEY_FACTORY = "com.amazon.corretto.crypto.provider.registerEdKeyFactory";

    private AccpLibrary() {}

    static Provider load() throws GeneralSecurityException {
        // Read when the library's class is initialized, on the next line.
        if (System.getProperty(ED_KEY_FACTORY) == null) {
            System.setProperty(ED_KEY_FACTORY, "true");
        }
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        if (provider.getLoadingError() != null) {
            throw new GeneralSecurityException(provider.getLoadingError());
        }
        return provider;
    }
}
