package org.coppice.client.identity;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.coppice.mls.codec.Bytes;

/**
 * The latest revocation list that a client has seen. It only gets newer: a list with a lower number than one that was seen is refused, so
 * that nobody makes a client forget a revocation. Thread safe.
 */
public final class RevocationList {
    private static final int CRL_SIGN = 6;
    private static final long CLOCK_SKEW_SECONDS = 3600;

    private final X509Certificate issuer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Held held;

    /** A list that was accepted. */
    private record Held(Bytes der, X509CRL list, BigInteger number) {}

    /**
     * Nothing seen yet.
     *
     * @param issuer who signs the lists: the anchor, or the authority below it that issues the certificates
     * @throws IllegalArgumentException if that one does not sign lists
     */
    public RevocationList(X509Certificate issuer) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGN]) {
            throw new IllegalArgumentException("the certificate is not for signing revocation lists");
        }
    }

    /** Why a list was not accepted. */
    public static final class RefusedListException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedListException(String message) {
            super(message);
        }

        RefusedListException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Takes a newer list.
     *
     * @param der from the service; what the application has kept of {@link #encoded} is {@linkplain #restore taken back}
     * @param now when it came: a list of the future is refused
     * @return whether it is another one than the one held
     * @throws RefusedListException if it is no complete list of the issuer, is older than the one held, or of the future
     */
    public boolean accept(Bytes der, Instant now) throws RefusedListException {
        Held next = check(der);
        if (next.list().getThisUpdate().toInstant().isAfter(now.plusSeconds(CLOCK_SKEW_SECONDS))) {
            throw new RefusedListException("the list is of the future");
        }
        return take(next);
    }

    /**
     * Takes a list back that was {@linkplain #accept accepted} before: what it revokes stays revoked, whatever the clock says now.
     *
     * @param der what the application has kept of {@link #encoded}
     * @throws RefusedListException if it is no complete list of the issuer, or is older than the one held
     */
    public void restore(Bytes der) throws RefusedListException {
        take(check(der));
    }

    private boolean take(Held next) throws RefusedListException {
        lock.lock();
        try {
            if (held != null && next.number().compareTo(held.number()) < 0) {
                throw new RefusedListException("the list is older than one that was seen");
            }
            boolean changed = held == null || !held.der().equals(next.der());
            held = next;
            return changed;
        } finally {
            lock.unlock();
        }
    }

    private Held check(Bytes der) throws RefusedListException {
        X509CRL list;
        BigInteger number;
        try {
            list = (X509CRL)
                    CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der.toByteArray()));
            if (list == null || !list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                throw new RefusedListException("the list is of another issuer");
            }
            list.verify(issuer.getPublicKey());
            // RFC 5280 §5.2: a delta or a part of a list says so in a critical extension, which platforms take for
            // granted.
            Set<String> critical = list.getCriticalExtensionOIDs();
            if (critical != null && !critical.isEmpty() || list.getNextUpdate() == null) {
                throw new RefusedListException("the list is not a complete one");
            }
            number = number(list);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new RefusedListException("not a revocation list of the issuer", e);
        }
        return new Held(der, list, number);
    }

    private static BigInteger number(X509CRL list) {
        byte[] extension = list.getExtensionValue(Extension.cRLNumber.getId());
        if (extension == null) {
            throw new IllegalArgumentException("no number");
        }
        return ASN1Integer.getInstance(ASN1OctetString.getInstance(extension).getOctets())
                .getPositiveValue();
    }

    /** The list held, in DER, to be kept for the next start. */
    public Optional<Bytes> encoded() {
        return Optional.ofNullable(held).map(Held::der);
    }

    /** Until when the list held is the latest there is; empty if there is none. */
    public Optional<Instant> nextUpdate() {
        return Optional.ofNullable(held).map(list -> list.list().getNextUpdate().toInstant());
    }

    /** Since when a certificate of {@code chain} is revoked, as far as the list held tells. */
    Optional<Instant> revokedSince(List<X509Certificate> chain) {
        Held now = held;
        if (now == null) {
            return Optional.empty();
        }
        Instant first = null;
        for (X509Certificate certificate : chain) {
            boolean ours = certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
            X509CRLEntry entry = ours ? now.list().getRevokedCertificate(certificate.getSerialNumber()) : null;
            if (entry != null) {
                Instant since = entry.getRevocationDate().toInstant();
                first = first == null || since.isBefore(first) ? since : first;
            }
        }
        return Optional.ofNullable(first);
    }
}
