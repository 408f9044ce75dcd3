package org.coppice.delivery.api;

import java.util.Objects;

/**
 * The word of a client for a further one of its user: good once, for minutes, and for the key alone that it was given for. It holds no
 * secret.
 *
 * @param sponsor who vouches
 * @param consent to {@link ConsentStatement#toRegistration}
 */
public record Voucher(ClientId sponsor, Consent consent) {
    /** Checks that nothing is missing. */
    public Voucher {
        Objects.requireNonNull(sponsor, "sponsor");
        Objects.requireNonNull(consent, "consent");
    }
}
