package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;

/** Logging in and registering: the only requests without a token. */
final class AuthResource {
    private final Backend backend;

    AuthResource(Backend backend) {
        this.backend = backend;
    }

    List<Route> routes(Limits limits) {
        Route.Body json = new Route.Body(Json.TYPE, limits.maxOpenBytes());
        return List.of(
                Route.open("POST", "/v1/auth/challenge", Route.Body.NONE, this::challenge),
                Route.open("POST", "/v1/auth/token", json, this::login),
                Route.open("POST", "/v1/clients", json, this::register));
    }

    private Reply challenge(Call call) throws DeliveryException, IOException {
        return Reply.json(200, JsonValues.of(backend.challenge(call.origin())));
    }

    private Reply login(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        Backend.Proof proof = proof(in);
        in.end();
        return Reply.json(200, JsonValues.of(backend.login(proof, call.origin())));
    }

    private Reply register(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        Backend.Proof proof = proof(in);
        Optional<Voucher> voucher = voucher(in);
        in.end();
        return Reply.json(201, JsonValues.of(backend.register(proof, voucher, call.origin())));
    }

    private static Optional<Voucher> voucher(JsonObject in) throws DeliveryException {
        Optional<JsonObject> given = in.optionalObject("voucher");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        JsonObject word = given.get();
        Voucher out = new Voucher(word.parsed("client", ClientId::parse), consent(word));
        word.end();
        return Optional.of(out);
    }

    /** An agreement of this moment. */
    static Consent consent(JsonObject in) throws DeliveryException {
        return new Consent(in.bytes("challenge"), in.bytes("consent"));
    }

    private static Backend.Proof proof(JsonObject in) throws DeliveryException {
        return new Backend.Proof(
                in.parsed("client", ClientId::parse),
                credential(in),
                in.optionalText("audience"),
                in.bytes("challenge"),
                in.bytes("signature"));
    }

    static RegisteredCredential credential(JsonObject in) throws DeliveryException {
        CipherSuite suite = new CipherSuite((int) in.number("cipherSuite", 0, 0xffff));
        Credential credential = in.decoded("credential", Credential::decode);
        Bytes key = in.bytes("signatureKey");
        return new RegisteredCredential(suite, credential, new SignaturePublicKey(key));
    }
}
