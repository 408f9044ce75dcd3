package org.coppice.testkit.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.crypto.nativelib.AccpProvider;
import org.coppice.crypto.nativelib.ConscryptProvider;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;

/** The providers by which all vectors are verified. */
final class Providers {
    private Providers() {}

    /** By name. What native libraries lack, or all of it where they do not load, the JDK serves. */
    static Map<String, CryptoProvider> all() {
        Map<String, CryptoProvider> out = new LinkedHashMap<>();
        out.put("jdk", CryptoProviders.jdk());
        out.put("bc", CryptoProviders.of(new BouncyCastleCryptoProvider()));
        out.put("native", CryptoProviders.of(new AccpProvider(), new ConscryptProvider(), new JdkCryptoProvider()));
        return out;
    }
}
