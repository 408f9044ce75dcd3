package org.coppice.client.store;

import java.util.Objects;
import org.coppice.mls.state.StateStoreException;

/** A store could not be opened, read or written. Nothing was changed by the call that met it. */
public final class StoreException extends StateStoreException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Reason {
        /** Another process, or this one, has the store open. */
        IN_USE,
        /** The passphrase or the key is not that of the store. */
        WRONG_KEY,
        /** To try the passphrase would cost more than the key allows, as only an application with such a cost, or an attacker, asks for. */
        TOO_COSTLY,
        /** A record was altered, swapped or cut, or the file is not a store. */
        DAMAGED,
        /** The store was written by a later release. */
        UNKNOWN_VERSION,
        /** The medium failed: no space, no permission, an error of the disk. */
        FAILED
    }

    private final Reason reason;

    /**
     * @param reason the kind
     * @param what the same in words, without any content of a record
     */
    public StoreException(Reason reason, String what) {
        super(what);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * @param reason the kind
     * @param what the same in words, without any content of a record
     * @param cause what the medium threw
     */
    public StoreException(Reason reason, String what, Throwable cause) {
        super(what, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What kind of failure it is. */
    public Reason reason() {
        return reason;
    }
}
