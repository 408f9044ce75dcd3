package org.coppice.delivery.ca;

import java.util.Locale;

/** Why a certificate is revoked (RFC 5280 §5.3.1). */
public enum RevocationReason {
    /** No reason is given. */
    UNSPECIFIED(0),
    /** Somebody else may have the key: the device was lost or broken into. */
    KEY_COMPROMISE(1),
    /** The person no longer belongs to those that the authority speaks for. */
    AFFILIATION_CHANGED(3),
    /** There is a newer certificate. */
    SUPERSEDED(4),
    /** The device is out of use. */
    CESSATION_OF_OPERATION(5);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** As requests have it, and consents: {@code key-compromise}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The number in a revocation list. */
    int code() {
        return code;
    }

    /** The reason of a number in the database. */
    static RevocationReason of(int code) {
        for (RevocationReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        return UNSPECIFIED;
    }
}
