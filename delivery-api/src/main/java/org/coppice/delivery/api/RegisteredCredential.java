package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;

/**
 * A credential by which a delivery service knows a client: with it the client logs in, and its key packages for suites of the same
 * signature scheme carry it.
 *
 * @param cipherSuite a suite whose signature scheme the key is of
 * @param credential the credential
 * @param signatureKey the key that the credential stands for
 */
public record RegisteredCredential(CipherSuite cipherSuite, Credential credential, SignaturePublicKey signatureKey)
        implements Encodable {
    /** Checks that nothing is missing. */
    public RegisteredCredential {
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(signatureKey, "signatureKey");
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static RegisteredCredential decode(TlsReader in) throws DecodeException {
        return new RegisteredCredential(CipherSuite.decode(in), Credential.decode(in), SignaturePublicKey.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(cipherSuite).struct(credential).struct(signatureKey);
    }
}
