package org.coppice.delivery.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;

/**
 * What a client signs to log in or to register: that it wants to talk to this service, now, as this client. The signature is
 * SignWithLabel (RFC 9420 §5.1.2) with the label {@value #LABEL}, which no MLS structure is signed with.
 *
 * @param audience the service that the client believes to talk to, {@code scheme://authority} in UTF-8: a service that is not it
 *     cannot pass the signature on
 * @param challenge what the service gave to be signed, once
 * @param client who logs in
 */
public record LoginStatement(Bytes audience, Bytes challenge, ClientId client) implements Encodable {
    /** The label of the signature. */
    public static final String LABEL = "Coppice Login 1";

    /** Checks that nothing is missing. */
    public LoginStatement {
        Objects.requireNonNull(audience, "audience");
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(client, "client");
    }

    /** The statement for an audience given as text. */
    public static LoginStatement of(String audience, Bytes challenge, ClientId client) {
        return new LoginStatement(Bytes.wrap(audience.getBytes(StandardCharsets.UTF_8)), challenge, client);
    }

    /** Reads {@code struct { opaque audience<V>; opaque challenge<V>; opaque client<V>; }}. */
    public static LoginStatement decode(TlsReader in) throws DecodeException {
        return new LoginStatement(in.vector(), in.vector(), ClientId.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(audience).vector(challenge).struct(client);
    }

    /**
     * The signature.
     *
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
