package org.coppice.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import org.coppice.client.identity.AuthorityService;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.CryptoException;

/** The authentication service at the URL of a delivery service. Thread safe. */
final class HttpAuthority implements AuthorityService {
    private static final String PEM_BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String PEM_END = "-----END CERTIFICATE-----";
    private static final int MAX_CHAIN = 8;

    private final Transport transport;
    private final Clock clock;
    private final Randomness randomness = Randomness.system();

    HttpAuthority(Transport transport, Clock clock) {
        this.transport = transport;
        this.clock = clock;
    }

    @Override
    public Bytes anchor() throws DeliveryException, IOException {
        String pem = new String(get("/v1/ca").bytes().toByteArray(), StandardCharsets.US_ASCII).trim();
        // The dashes between may be those of both lines.
        if (!pem.startsWith(PEM_BEGIN)
                || !pem.endsWith(PEM_END)
                || pem.length() < PEM_BEGIN.length() + PEM_END.length()) {
            throw Answer.wrong("is no certificate in PEM");
        }
        try {
            return Bytes.wrap(
                    Base64.getMimeDecoder().decode(pem.substring(PEM_BEGIN.length(), pem.length() - PEM_END.length())));
        } catch (IllegalArgumentException e) {
            throw Answer.wrong("is no certificate in PEM");
        }
    }

    @Override
    public Bytes revocationList() throws DeliveryException, IOException {
        Request.Builder request = new Request.Builder()
                .url(transport.url("/v1/ca/crl").build())
                .tag(Transport.Size.class, Transport.Size.BIG);
        return transport.send(request.build()).bytes();
    }

    @Override
    public List<Bytes> enrolByCode(Bytes request, String code) throws DeliveryException, IOException {
        return enrol(csr(request).put("code", code));
    }

    @Override
    public List<Bytes> enrolByToken(Bytes request, String token) throws DeliveryException, IOException {
        return enrol(csr(request).put("oidcToken", token));
    }

    private List<Bytes> enrol(ObjectNode body) throws DeliveryException, IOException {
        Request request = new Request.Builder()
                .url(transport.url("/v1/ca/enrolments").build())
                .post(Transport.body(body))
                .build();
        return transport.send(request).value(HttpAuthority::chain);
    }

    @Override
    public List<Bytes> renew(Identity identity, Bytes request) throws DeliveryException, IOException {
        Bytes consent;
        try {
            consent = ConsentStatement.toRenewal(identity.client(), request).sign(identity.crypto(), identity.signer());
        } catch (CryptoException e) {
            throw new IOException("the signer did not sign the renewal", e);
        }
        return chain(post(
                new Login(transport, identity, clock),
                "/v1/ca/renewals",
                csr(request).put("consent", Json.base64(consent))));
    }

    @Override
    public String makeCode(Identity identity, Optional<String> device) throws DeliveryException, IOException {
        Login login = new Login(transport, identity, clock);
        ObjectNode body =
                Json.of(login.consent(challenge -> ConsentStatement.toCode(identity.client(), challenge, device)));
        device.ifPresent(name -> body.put("device", name));
        return Json.text(post(login, "/v1/ca/codes", body), "code");
    }

    @Override
    public int revoke(Identity identity, ClientId device, boolean compromised) throws DeliveryException, IOException {
        Login login = new Login(transport, identity, clock);
        String reason = compromised ? "key-compromise" : "cessation-of-operation";
        Consent consent =
                login.consent(challenge -> ConsentStatement.toRevocation(identity.client(), challenge, device, reason));
        ObjectNode body = Json.of(consent).put("client", device.toString()).put("reason", reason);
        JsonNode revoked = post(login, "/v1/ca/revocations", body).path("revoked");
        if (!revoked.canConvertToInt() || !revoked.isIntegralNumber() || revoked.intValue() < 0) {
            throw Answer.wrong("does not say how many certificates were revoked");
        }
        return revoked.intValue();
    }

    private static ObjectNode csr(Bytes request) {
        return Json.object().put("csr", Json.base64(request));
    }

    private Answer get(String path) throws DeliveryException, IOException {
        return transport.send(
                new Request.Builder().url(transport.url(path).build()).build());
    }

    private JsonNode post(Login login, String path, ObjectNode body) throws DeliveryException, IOException {
        Request request = new Request.Builder()
                .url(transport.url(path).build())
                .header("Request-Id", RequestId.random(randomness).toString())
                .header("Authorization", "Bearer " + login.token(Optional.empty()))
                .post(Transport.body(body))
                .build();
        return transport.send(request).json();
    }

    private static List<Bytes> chain(JsonNode answer) throws IOException {
        List<Bytes> out = new ArrayList<>();
        JsonNode chain = answer.path("chain");
        if (!chain.isArray() || chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw Answer.wrong("has no chain of certificates");
        }
        for (JsonNode certificate : chain) {
            try {
                out.add(Bytes.wrap(Base64.getDecoder().decode(certificate.asText())));
            } catch (IllegalArgumentException e) {
                throw Answer.wrong("has something that is no base64");
            }
        }
        return out;
    }
}
