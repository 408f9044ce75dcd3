package org.coppice.delivery.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/**
 * What a client signs, with a key by which the service knows it, to agree to a change of who it or its user is: a token alone, which
 * may have been stolen, is not enough for that. The signature is SignWithLabel (RFC 9420 §5.1.2) with the label {@value #LABEL} over
 * {@code struct { opaque client<V>; uint8 act; opaque subject<V>; }}.
 *
 * @param client who agrees
 * @param act what kind of change it is
 * @param subject what is to be changed, as the factory methods say
 */
public record ConsentStatement(ClientId client, Act act, Bytes subject) implements Encodable {
    /** The label of the signature. */
    public static final String LABEL = "Coppice Consent 1";

    /** Checks that nothing is missing. */
    public ConsentStatement {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(act, "act");
        Objects.requireNonNull(subject, "subject");
    }

    /** What can be agreed to. */
    public enum Act {
        /** Another credential is put in force. */
        REPLACE_CREDENTIAL(1),
        /** A further certificate is issued. */
        RENEW_CERTIFICATE(2),
        /** A client of the user is registered no longer. */
        UNREGISTER(3),
        /** A further client of the user registers. */
        VOUCH(4),
        /** A code is made, by which a further client of the user gets a certificate. */
        MAKE_CODE(5),
        /** What a client of the user has is revoked. */
        REVOKE(6);

        private final int code;

        Act(int code) {
            this.code = code;
        }
    }

    /** To {@link DeliverySession#replaceCredential}: the subject is the encoded {@link CredentialStatement}. */
    public static ConsentStatement to(CredentialStatement replacement) {
        return new ConsentStatement(replacement.client(), Act.REPLACE_CREDENTIAL, SuiteCrypto.encode(replacement));
    }

    /**
     * To a certificate.
     *
     * @param request the certification request (PKCS #10) in DER, which is the subject
     */
    public static ConsentStatement toRenewal(ClientId client, Bytes request) {
        return new ConsentStatement(client, Act.RENEW_CERTIFICATE, request);
    }

    /**
     * To {@link DeliverySession#unregister}: the subject is {@code struct { uint8 request_id[16]; opaque client<V>; }}.
     *
     * @param by who agrees
     * @param client who is to be registered no longer, of the same user
     */
    public static ConsentStatement toUnregister(ClientId by, RequestId request, ClientId client) {
        return new ConsentStatement(
                by,
                Act.UNREGISTER,
                SuiteCrypto.encode(out -> out.struct(request).struct(client)));
    }

    /**
     * To the registration of a further client: the subject is {@code struct { opaque challenge<V>; opaque client<V>; CipherSuite suite;
     * Credential credential; SignaturePublicKey key; }}.
     *
     * @param sponsor who vouches for it
     * @param challenge of the service, for this alone
     * @param client who registers, of the same user
     * @param credential what it registers with
     */
    public static ConsentStatement toRegistration(
            ClientId sponsor, Bytes challenge, ClientId client, RegisteredCredential credential) {
        return new ConsentStatement(
                sponsor,
                Act.VOUCH,
                SuiteCrypto.encode(out -> out.vector(challenge).struct(client).struct(credential)));
    }

    /**
     * To a code for a further device: the subject is {@code struct { opaque challenge<V>; opaque device<V>; }}.
     *
     * @param maker who asks for it
     * @param challenge of the service, for this alone
     * @param device the only device that it is for, in UTF-8; none, and so no byte, for any
     */
    public static ConsentStatement toCode(ClientId maker, Bytes challenge, Optional<String> device) {
        return new ConsentStatement(
                maker,
                Act.MAKE_CODE,
                SuiteCrypto.encode(out -> out.vector(challenge).vector(utf8(device.orElse("")))));
    }

    /**
     * To a revocation: the subject is {@code struct { opaque challenge<V>; opaque client<V>; opaque reason<V>; }}.
     *
     * @param by who asks for it
     * @param challenge of the service, for this alone
     * @param client whose certificates and credentials are revoked, of the same user
     * @param reason as the HTTP interface has it, such as {@code key-compromise}
     */
    public static ConsentStatement toRevocation(ClientId by, Bytes challenge, ClientId client, String reason) {
        return new ConsentStatement(
                by,
                Act.REVOKE,
                SuiteCrypto.encode(out -> out.vector(challenge).struct(client).vector(utf8(reason))));
    }

    private static Bytes utf8(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(client).uint8(act.code).vector(subject);
    }

    /**
     * The signature.
     *
     * @param crypto the operations of the suite that the signer's key is registered for
     * @param signer of a key by which the service knows the client
     * @throws CryptoException if the signer does not perform the operation
     */
    public Bytes sign(SuiteCrypto crypto, Signer signer) throws CryptoException {
        return crypto.signWithLabel(signer, LABEL, SuiteCrypto.encode(this));
    }

    /** Whether {@code signature} is one of this statement by {@code key}. */
    public boolean verify(SuiteCrypto crypto, SignaturePublicKey key, Bytes signature) {
        return crypto.verifyWithLabel(key, LABEL, SuiteCrypto.encode(this), signature);
    }
}
