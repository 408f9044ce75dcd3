package org.coppice.crypto.nativelib;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.DestroyFailedException;
import org.coppice.mls.crypto.Primitive;

/** A JCA provider over a native library, loaded on first need, once; and what went wrong with it. Thread safe. */
final class NativeLibrary {
    private final Source source;
    private final Map<Primitive, String> failures = new ConcurrentHashMap<>();
    private Provider provider;
    private GeneralSecurityException missing;

    /** Loads the library. */
    interface Source {
        Provider load() throws GeneralSecurityException;
    }

    /** Makes one primitive from the library. */
    interface Maker<T> {
        T make(Provider provider) throws GeneralSecurityException;
    }

    NativeLibrary(Source source) {
        this.source = source;
    }

    /** The primitive, or empty if the library does not load here or lacks it; then {@link #reason} tells why. */
    <T> Optional<T> make(Primitive primitive, Maker<T> maker) {
        try {
            return Optional.of(maker.make(provider()));
        } catch (GeneralSecurityException | LinkageError | RuntimeException e) {
            failures.put(primitive, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    Optional<String> reason(Primitive primitive) {
        return Optional.ofNullable(failures.get(primitive));
    }

    private synchronized Provider provider() throws GeneralSecurityException {
        if (missing != null) {
            throw missing;
        }
        if (provider == null) {
            try {
                provider = source.load();
            } catch (GeneralSecurityException | LinkageError | RuntimeException e) {
                missing = new GeneralSecurityException("the native library does not load here: " + e, e);
                throw missing;
            }
        }
        return provider;
    }

    /** Wipes and frees the native memory of a key at once; otherwise it waits for the garbage collector. */
    static void destroy(PrivateKey key) {
        try {
            key.destroy();
        } catch (DestroyFailedException e) {
            // Then the collector has to do.
        }
    }
}
