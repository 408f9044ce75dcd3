package org.coppice.testkit.heap;

import java.util.Locale;
import java.util.function.Supplier;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.crypto.nativelib.AccpProvider;
import org.coppice.crypto.nativelib.ConscryptProvider;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;

/** Which providers the scene is played with. */
enum ProviderSet {
    JDK(CryptoProviders::jdk),
    BC(() -> CryptoProviders.of(new BouncyCastleCryptoProvider())),
    ACCP(() -> CryptoProviders.of(new AccpProvider(), new JdkCryptoProvider())),
    CONSCRYPT(() -> CryptoProviders.of(new ConscryptProvider(), new JdkCryptoProvider())),
    BEST(CryptoProviders::best);

    private final Supplier<CryptoProvider> supplier;

    ProviderSet(Supplier<CryptoProvider> supplier) {
        this.supplier = supplier;
    }

    CryptoProvider provider() {
        return supplier.get();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
