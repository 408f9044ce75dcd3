package org.coppice.delivery.account;

/** Who may register clients. */
public enum RegistrationPolicy {
    /**
     * A user's name belongs to who registers it first. Further clients of that user need the token of one that is there, or an X.509
     * credential that the service's authority vouches for.
     */
    OPEN,
    /** Only clients with an X.509 credential that the service's authority vouches for. */
    X509_ONLY,
    /** Nobody; the clients that are there go on. */
    CLOSED
}
