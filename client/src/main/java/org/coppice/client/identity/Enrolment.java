package org.coppice.client.identity;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.ValidationException;

/**
 * The way of a new key to its certificate. The key is made here, or wherever the application keeps it, and does not leave. If an answer
 * is lost, asking again on the same object gets the same certificate; a code or token that was used with one key is of no use for
 * another.
 *
 * <pre>{@code
 * Enrolment enrolment = Enrolment.begin(environment, suite, ClientId.parse("alice/laptop"));
 * Identity identity = enrolment.byCode(authority, anchor, "k7f3q-9tm2x-4wd8h-p5rca");
 * }</pre>
 *
 * <p>Thread safe.
 */
public final class Enrolment {
    private final ClientEnvironment environment;
    private final ClientId client;
    private final SuiteCrypto crypto;
    private final IdentityMaker maker;
    private final Signer signer;
    private final CertificationRequest request;

    /** Joins a certificate with the key. */
    private interface IdentityMaker {
        Identity make(Credential credential) throws CryptoException;
    }

    private Enrolment(
            ClientEnvironment environment, ClientId client, SuiteCrypto crypto, Signer signer, IdentityMaker maker)
            throws CryptoException {
        this.environment = environment;
        this.client = client;
        this.crypto = crypto;
        this.signer = signer;
        this.maker = maker;
        this.request =
                CertificationRequest.of(client, crypto.parts().signatures().algorithm(), signer);
    }

    /**
     * With a new key that will be in the client's store.
     *
     * @throws CryptoException if the provider lacks the suite
     */
    public static Enrolment begin(ClientEnvironment environment, CipherSuite suite, ClientId client)
            throws CryptoException {
        SuiteCrypto crypto = crypto(environment, suite);
        return begin(environment, suite, client, crypto.generateSignatureKeyPair());
    }

    /**
     * With a key that the application made and keeps until the identity is stored, so that a crash does not lose it.
     *
     * @param keys taken over
     * @throws CryptoException if it is no key of the suite
     */
    public static Enrolment begin(
            ClientEnvironment environment, CipherSuite suite, ClientId client, SignatureKeyPair keys)
            throws CryptoException {
        SuiteCrypto crypto = crypto(environment, suite);
        return new Enrolment(
                environment,
                client,
                crypto,
                crypto.signer(keys),
                credential -> Identity.of(crypto, client, credential, keys));
    }

    /** With a key that is kept elsewhere, such as in the device's hardware. */
    public static Enrolment begin(ClientEnvironment environment, CipherSuite suite, ClientId client, Signer signer)
            throws CryptoException {
        SuiteCrypto crypto = crypto(environment, suite);
        return new Enrolment(
                environment,
                client,
                crypto,
                Objects.requireNonNull(signer, "signer"),
                credential -> Identity.of(crypto, client, credential, signer));
    }

    private static SuiteCrypto crypto(ClientEnvironment environment, CipherSuite suite) throws CryptoException {
        return SuiteCrypto.of(suite, environment.provider(), environment.randomness());
    }

    /** What goes to the service. */
    public CertificationRequest request() {
        return request;
    }

    /**
     * Enrols by a one-time code.
     *
     * @param anchor who has to have issued the certificate
     * @throws DeliveryException if the service refuses
     * @throws IOException if it cannot be reached, or its answer is not a certificate for this client and key under {@code anchor}
     */
    public Identity byCode(AuthorityService authority, Anchor anchor, String code)
            throws DeliveryException, IOException {
        return check(authority.enrolByCode(request.der(), code), anchor);
    }

    /** Enrols by an ID token, made with {@link CertificationRequest#nonce}; otherwise as {@link #byCode}. */
    public Identity byToken(AuthorityService authority, Anchor anchor, String token)
            throws DeliveryException, IOException {
        return check(authority.enrolByToken(request.der(), token), anchor);
    }

    /**
     * Gets the next certificate of a client.
     *
     * @param present who the client is, by a certificate that is still valid
     */
    public Identity asRenewal(AuthorityService authority, Anchor anchor, Identity present)
            throws DeliveryException, IOException {
        return check(authority.renew(present, request.der()), anchor);
    }

    /** The service is not believed: what it sends has to pass as others will judge it. */
    private Identity check(List<Bytes> chain, Anchor anchor) throws IOException {
        Credential credential = new Credential.X509(chain);
        X509CredentialValidator validator = X509CredentialValidator.builder(environment.clock())
                .trust(anchor.certificate())
                .identity(CertifiedClient::identity)
                .requireExtendedKeyUsage(CertifiedClient.EXTENDED_KEY_USAGE)
                .build();
        IdentityClaim claim = new IdentityClaim(credential, signer.publicKey(), IdentityClaim.Event.KEY_PACKAGE);
        try {
            validator.validate(List.of(claim));
            if (!validator.identity(claim).equals(client.identity())) {
                throw new IOException("the authority's certificate is for another client");
            }
            return maker.make(credential);
        } catch (ValidationException e) {
            throw new IOException("the authority's certificate is not one for this key under the trusted anchor", e);
        } catch (CryptoException e) {
            throw new IOException("the key cannot be used", e);
        }
    }

    /** The client's name. */
    @Override
    public String toString() {
        return "Enrolment[" + client + ", " + crypto.suite() + "]";
    }
}
