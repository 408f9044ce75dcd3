package org.coppice.mls.state;

/**
 * The application's store could not do what it was asked to.
 *
 * <p>It is not checked, as nothing that a peer sends causes it: the operation that met it ends with it, the group in memory is
 * as it was before, and the same call may be tried again.
 */
public class StateStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what what failed, without any content of a record */
    public StateStoreException(String what) {
        super(what);
    }

    /**
     * @param what what failed, without any content of a record
     * @param cause what the store itself threw
     */
    public StateStoreException(String what, Throwable cause) {
        super(what, cause);
    }
}
