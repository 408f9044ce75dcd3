package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;

/**
 * What a client signs with a new key to make it its own: nobody can register a key that it does not hold. The signature is
 * SignWithLabel (RFC 9420 §5.1.2) with the label {@value #LABEL}.
 *
 * @param client whose the key becomes
 * @param request the request that registers it
 * @param credential the new credential
 */
public record CredentialStatement(ClientId client, RequestId request, RegisteredCredential credential)
        implements Encodable {
    /** The label of the signature. */
    public static final String LABEL = "Coppice Credential 1";

    /** Checks that nothing is missing. */
    public CredentialStatement {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(credential, "credential");
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static CredentialStatement decode(TlsReader in) throws DecodeException {
        return new CredentialStatement(ClientId.decode(in), RequestId.decode(in), RegisteredCredential.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(client).struct(request).struct(credential);
    }

    /**
     * The signature.
     *
     * @param signer of the new key
     * @throws CryptoException if the signer does not perform the operation
     */
    public Bytes sign(SuiteCrypto crypto, Signer signer) throws CryptoException {
        return crypto.signWithLabel(signer, LABEL, SuiteCrypto.encode(this));
    }

    /** Whether {@code signature} is one of this statement by the new key. */
    public boolean verify(SuiteCrypto crypto, Bytes signature) {
        return crypto.verifyWithLabel(credential.signatureKey(), LABEL, SuiteCrypto.encode(this), signature);
    }
}
