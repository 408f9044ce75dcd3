package org.coppice.interop;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.PskSource;

/** The pre-shared keys that one client was given. Thread safe. */
final class PskShelf implements PskSource {
    private final Map<Bytes, Secret> byId = new ConcurrentHashMap<>();

    /** Puts a key there, in place of one that had its id. */
    void put(Bytes id, Bytes secret) {
        byId.put(id, Secret.wrap(secret.toByteArray()));
    }

    @Override
    public Optional<Secret> externalPsk(Bytes pskId) {
        return Optional.ofNullable(byId.get(pskId)).map(Secret::copy);
    }
}
