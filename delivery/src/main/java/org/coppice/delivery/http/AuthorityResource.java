package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.ca.IssuedChain;
import org.coppice.delivery.ca.IssuedCode;
import org.coppice.delivery.ca.RevocationReason;
import org.coppice.mls.codec.Bytes;

/** The authentication service: anchor, revocation list, enrolment, renewal, revocation, codes. */
final class AuthorityResource {
    /** RFC 8555 §9.1. */
    static final String CHAIN_TYPE = "application/pem-certificate-chain";

    /** RFC 2585 §4.2. */
    static final String CRL_TYPE = "application/pkix-crl";

    private static final String PEM_BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
    private static final String PEM_END = "-----END CERTIFICATE REQUEST-----";
    private static final int LINE = 64;

    private final AuthorityBackend backend;

    AuthorityResource(AuthorityBackend backend) {
        this.backend = backend;
    }

    List<Route> routes(Limits limits) {
        Route.Body json = new Route.Body(Json.TYPE, limits.maxOpenBytes());
        return List.of(
                Route.open("GET", "/v1/ca", Route.Body.NONE, this::anchor),
                Route.open("GET", "/v1/ca/crl", Route.Body.NONE, this::list),
                Route.open("POST", "/v1/ca/enrolments", json, this::enrol),
                Route.write("POST", "/v1/ca/renewals", json, this::renew),
                Route.write("POST", "/v1/ca/revocations", json, this::revokeOwn),
                Route.write("POST", "/v1/ca/codes", json, this::makeCode),
                Route.open("POST", "/v1/ca/operator/codes", json, this::makeCodeAsOperator),
                Route.open("POST", "/v1/ca/operator/revocations", json, this::revokeAsOperator));
    }

    private Reply anchor(Call call) {
        try {
            String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'})
                    .encodeToString(backend.anchor().getEncoded());
            String pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
            return Reply.binary(CHAIN_TYPE, pem.getBytes(StandardCharsets.US_ASCII));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the anchor cannot be encoded", e);
        }
    }

    private Reply list(Call call) throws DeliveryException, IOException {
        return Reply.binary(CRL_TYPE, backend.revocationList().toByteArray());
    }

    private Reply enrol(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        Bytes request = request(in);
        Optional<String> code = in.optionalText("code");
        Optional<String> token = in.optionalText("oidcToken");
        in.end();
        if (code.isPresent() == token.isPresent()) {
            throw Problems.malformed("FIELD", "an enrolment has either \"code\" or \"oidcToken\"")
                    .asException();
        }
        return chain(
                code.isPresent()
                        ? backend.enrolByCode(request, code.get(), call.origin())
                        : backend.enrolByToken(request, token.get(), call.origin()));
    }

    private Reply renew(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        Bytes request = request(in);
        Bytes consent = in.bytes("consent");
        in.end();
        return chain(backend.renew(call.session().self(), request, consent));
    }

    private Reply revokeOwn(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        ClientId client = in.parsed("client", ClientId::parse);
        RevocationReason reason = reason(in);
        Consent consent = AuthResource.consent(in);
        in.end();
        return revoked(backend.revokeOwn(call.session().self(), client, reason, consent));
    }

    private Reply makeCode(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        ClientId maker = call.session().self();
        Optional<String> device = device(in, maker.user());
        Consent consent = AuthResource.consent(in);
        in.end();
        return code(backend.makeCode(maker, device, consent));
    }

    private Reply makeCodeAsOperator(Call call) throws DeliveryException, IOException {
        backend.requireOperator(call.header(OperatorResource.TOKEN).orElse(""), call.origin());
        JsonObject in = call.json();
        UserName user = in.parsed("user", UserName::new);
        Optional<String> device = device(in, user);
        in.end();
        return code(backend.makeCode(user, device));
    }

    private Reply revokeAsOperator(Call call) throws DeliveryException, IOException {
        backend.requireOperator(call.header(OperatorResource.TOKEN).orElse(""), call.origin());
        JsonObject in = call.json();
        ClientId client = in.parsed("client", ClientId::parse);
        RevocationReason reason = reason(in);
        in.end();
        return revoked(backend.revoke(client, reason));
    }

    /** A request in PEM, or as DER in base64. */
    private static Bytes request(JsonObject in) throws DeliveryException {
        String text = in.text("csr").strip();
        // Both lines whole: they could share their dashes.
        boolean pem = text.length() >= PEM_BEGIN.length() + PEM_END.length()
                && text.startsWith(PEM_BEGIN)
                && text.endsWith(PEM_END);
        String body = pem
                ? text.substring(PEM_BEGIN.length(), text.length() - PEM_END.length())
                        .replaceAll("\\s", "")
                : text;
        try {
            return Bytes.wrap(Base64.getDecoder().decode(body));
        } catch (IllegalArgumentException e) {
            throw in.wrong("csr", "is neither PEM nor DER in base64");
        }
    }

    private static Optional<String> device(JsonObject in, UserName user) throws DeliveryException {
        return in.optionalParsed("device", name -> new ClientId(user, name).device());
    }

    private static RevocationReason reason(JsonObject in) throws DeliveryException {
        Optional<String> text = in.optionalText("reason");
        if (text.isEmpty()) {
            return RevocationReason.UNSPECIFIED;
        }
        for (RevocationReason reason : RevocationReason.values()) {
            if (reason.text().equals(text.get())) {
                return reason;
            }
        }
        throw in.wrong("reason", "is none of the reasons that there are");
    }

    private static Reply chain(IssuedChain issued) {
        ObjectNode out = Json.object();
        ArrayNode chain = out.put("client", issued.client().toString()).putArray("chain");
        issued.certificates()
                .forEach(certificate -> chain.add(Base64.getEncoder().encodeToString(certificate.toByteArray())));
        return Reply.json(201, out.put("expires", issued.expiresMillis()));
    }

    private static Reply code(IssuedCode issued) {
        return Reply.json(201, Json.object().put("code", issued.code()).put("expires", issued.expiresMillis()));
    }

    private static Reply revoked(int count) {
        return Reply.json(200, Json.object().put("revoked", count));
    }
}
