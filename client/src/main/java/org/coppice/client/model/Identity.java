package org.coppice.client.model;

import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/**
 * Who a client is: its name, its credential, and the key that the credential speaks for. The private key is in this process and kept in
 * the client's store, or elsewhere behind a {@link Signer}. Immutable.
 */
public final class Identity {
    /**
     * The rule of the {@link org.coppice.delivery.api.ProblemKind#UNAUTHENTICATED} that {@code sync} ends with if the service knows the
     * client by a new key that its damaged store has lost, in the middle of {@code rotateKey} or {@code rotateCredential}. No key that is
     * left logs in: the way back is a further device, vouched for by another one of the user, or a new certificate
     * ({@link org.coppice.client.identity.Enrolment}) in an empty store, and an invitation by a member.
     */
    public static final String KEY_LOST = "KEY_LOST";

    private final ClientId client;
    private final SuiteCrypto crypto;
    private final Credential credential;
    private final Signer signer;
    private final Optional<SignatureKeyPair> keys;

    private Identity(
            ClientId client,
            SuiteCrypto crypto,
            Credential credential,
            Signer signer,
            Optional<SignatureKeyPair> keys) {
        this.client = Objects.requireNonNull(client, "client");
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.credential = Objects.requireNonNull(credential, "credential");
        this.signer = Objects.requireNonNull(signer, "signer");
        this.keys = keys;
    }

    /**
     * A basic credential with a new key: others compare safety numbers to know whose it is.
     *
     * @throws CryptoException if the provider lacks the suite
     */
    public static Identity generate(ClientEnvironment environment, CipherSuite suite, ClientId client)
            throws CryptoException {
        SuiteCrypto crypto = SuiteCrypto.of(suite, environment.provider(), environment.randomness());
        return of(crypto, client, client.basicCredential(), crypto.generateSignatureKeyPair());
    }

    /**
     * An identity whose key is kept in the client's store, such as one with an X.509 credential.
     *
     * @param keys taken over
     * @throws CryptoException if it is no key of the suite
     */
    public static Identity of(SuiteCrypto crypto, ClientId client, Credential credential, SignatureKeyPair keys)
            throws CryptoException {
        return new Identity(client, crypto, credential, crypto.signer(keys), Optional.of(keys));
    }

    /** An identity whose key is kept elsewhere. */
    public static Identity of(SuiteCrypto crypto, ClientId client, Credential credential, Signer signer) {
        return new Identity(client, crypto, credential, signer, Optional.empty());
    }

    /** Which client it is. */
    public ClientId client() {
        return client;
    }

    /** Its cipher suite. */
    public CipherSuite suite() {
        return crypto.suite();
    }

    /** The operations of its suite. */
    public SuiteCrypto crypto() {
        return crypto;
    }

    /** Its credential. */
    public Credential credential() {
        return credential;
    }

    /** Who signs for it. */
    public Signer signer() {
        return signer;
    }

    /** The key pair, if it is in this process; it stays this object's. */
    public Optional<SignatureKeyPair> keys() {
        return keys;
    }

    /** What the delivery service is to know of it. */
    public RegisteredCredential registered() {
        return new RegisteredCredential(crypto.suite(), credential, signer.publicKey());
    }

    /** The client's name. */
    @Override
    public String toString() {
        return "Identity[" + client + "]";
    }
}
