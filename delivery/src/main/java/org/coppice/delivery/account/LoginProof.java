package org.coppice.delivery.account;

import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.mls.codec.Bytes;

/**
 * What shows that someone is a client: a signature of {@link org.coppice.delivery.api.LoginStatement}.
 *
 * @param client who wants in
 * @param credential the credential, with the key that signed
 * @param audience the service that the client believes to talk to; if it does not say, each name of this service is tried
 * @param challenge what the service gave to be signed
 * @param signature the signature
 */
public record LoginProof(
        ClientId client, RegisteredCredential credential, Optional<String> audience, Bytes challenge, Bytes signature) {
    /** Checks that nothing is missing. */
    public LoginProof {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(audience, "audience");
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(signature, "signature");
    }
}
