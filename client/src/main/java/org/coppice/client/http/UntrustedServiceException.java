package org.coppice.client.http;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Whoever answers at the service's address does not show a certificate that this client takes: nothing was sent. To try again at once
 * leads to the same, so nothing does; the message says what to do. All that was asked for is kept, as whenever the service cannot be
 * reached.
 */
public final class UntrustedServiceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    private UntrustedServiceException(Reason reason, String host, IOException cause) {
        super(reason.message(host), cause);
        this.reason = reason;
    }

    /** What is wrong with the certificate. */
    public enum Reason {
        /** It is of an authority that is not trusted. */
        UNKNOWN_AUTHORITY(
                "comes from an authority that is not trusted here; trust that authority if it is the right one"
                        + " (HttpDelivery.Builder.trust), or give the service a certificate of one that everybody trusts"),
        /** It names other hosts. */
        WRONG_HOST("names other hosts; use a URL with a name that is in it, or have one made for this name"),
        /** It or its authority's has expired. */
        EXPIRED("has expired; its operator has to renew it, unless the clock of this machine is wrong"),
        /** It or its authority's is not valid yet. */
        NOT_YET_VALID("is not valid yet; check the clock of this machine, and of the one that made it"),
        /** None of the keys in its chain is pinned. */
        OTHER_KEY(
                "has none of the pinned keys; ask the service's operator, by another way, whether it has a new key, and"
                        + " pin that (HttpDelivery.Builder.pin)"),
        /** It is refused for another reason, which the cause has. */
        REFUSED("is refused; the cause says why");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        private String message(String host) {
            return "the certificate of " + host + " " + text;
        }
    }

    /** What is wrong with the certificate. */
    public Reason reason() {
        return reason;
    }

    /** What a failed connection says about the service's certificate; empty if it failed for another reason. */
    static Optional<UntrustedServiceException> of(IOException failure, String host) {
        return reason(failure).map(reason -> new UntrustedServiceException(reason, host, failure));
    }

    private static Optional<Reason> reason(IOException failure) {
        if (failure instanceof SSLPeerUnverifiedException) {
            // OkHttp's two checks share a type; that of the pins begins with these words.
            boolean pins = String.valueOf(failure.getMessage()).startsWith("Certificate pinning failure");
            return Optional.of(pins ? Reason.OTHER_KEY : Reason.WRONG_HOST);
        }
        Optional<Reason> out = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<Reason> precise = precise(cause);
            if (precise.isPresent()) {
                return precise;
            }
            if (cause instanceof CertificateException) {
                out = Optional.of(Reason.REFUSED);
            }
        }
        return out;
    }

    private static Optional<Reason> precise(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return Optional.of(Reason.EXPIRED);
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of(Reason.NOT_YET_VALID);
        }
        if (cause instanceof CertPathBuilderException) {
            return Optional.of(Reason.UNKNOWN_AUTHORITY);
        }
        if (!(cause instanceof CertPathValidatorException path)) {
            return Optional.empty();
        }
        if (path.getReason() == BasicReason.EXPIRED) {
            return Optional.of(Reason.EXPIRED);
        }
        if (path.getReason() == BasicReason.NOT_YET_VALID) {
            return Optional.of(Reason.NOT_YET_VALID);
        }
        // A signature does not fit if an authority of the same name, but with another key, is trusted.
        return path.getReason() == PKIXReason.NO_TRUST_ANCHOR || path.getReason() == BasicReason.INVALID_SIGNATURE
                ? Optional.of(Reason.UNKNOWN_AUTHORITY)
                : Optional.empty();
    }
}
