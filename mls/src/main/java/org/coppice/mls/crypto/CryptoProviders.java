package org.coppice.mls.crypto;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.coppice.mls.crypto.CryptoReport.PassedOver;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;

/**
 * Ways to get a {@link CryptoProvider}. Each call makes a new object, which loads and tests primitives as they are first
 * needed: an application calls once and shares the result.
 */
public final class CryptoProviders {
    private CryptoProviders() {}

    /**
     * The fastest of what is there: all providers that {@link ServiceLoader} finds beside this library, and the Java platform's
     * own primitives; each primitive from the provider that claims the highest preference for it and works.
     */
    public static CompositeCryptoProvider best() {
        List<CryptoProvider> providers = new ArrayList<>();
        List<PassedOver> notFound = new ArrayList<>();
        // This class's loader, not the thread's: the answer must not depend on which thread asks first.
        ServiceLoader<CryptoProvider> loader =
                ServiceLoader.load(CryptoProvider.class, CryptoProviders.class.getClassLoader());
        Iterator<CryptoProvider> found = loader.iterator();
        // The iterator goes on after one broken entry, but might not get past an unreadable list.
        while (notFound.size() < 16) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                providers.add(found.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                notFound.add(new PassedOver("a listed provider", e.toString()));
            }
        }
        providers.add(new JdkCryptoProvider());
        return new CompositeCryptoProvider(providers, false, notFound);
    }

    /**
     * The given providers alone, in this order of preference for every primitive: the first that offers one and works serves.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static CompositeCryptoProvider of(CryptoProvider... providers) {
        if (providers.length == 0) {
            throw new IllegalArgumentException("no provider given");
        }
        return new CompositeCryptoProvider(List.of(providers), true, List.of());
    }

    /** The primitives of the Java platform alone, which are slower but the same everywhere. */
    public static CompositeCryptoProvider jdk() {
        return of(new JdkCryptoProvider());
    }
}
