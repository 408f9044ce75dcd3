package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;

/** Key packages: publishing, counting, claiming. */
final class KeyPackagesResource {
    List<Route> routes(Limits limits) {
        Route.Body json = new Route.Body(Json.TYPE, limits.maxJsonBytes());
        return List.of(
                Route.write("POST", "/v1/key-packages", json, this::publish),
                Route.read("/v1/key-packages", List.of(), this::stock),
                Route.write("POST", "/v1/key-packages/claim", json, this::claim));
    }

    private Reply publish(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        List<MlsMessage> keyPackages = in.decodedList("keyPackages", MlsMessage::decode);
        Optional<MlsMessage> lastResort = in.optionalDecoded("lastResort", MlsMessage::decode);
        in.end();
        return Reply.json(
                200, JsonValues.of(call.session().publishKeyPackages(call.requestId(), keyPackages, lastResort)));
    }

    private Reply stock(Call call) throws DeliveryException, IOException {
        return Reply.json(200, JsonValues.of(call.session().keyPackageStock()));
    }

    private Reply claim(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        ClaimRequest what = new ClaimRequest(
                target(in),
                new CipherSuite((int) in.number("cipherSuite", 0, 0xffff)),
                required(in.optionalObject("required")),
                in.codePoints("understood").stream().map(CredentialType::new).toList());
        in.end();
        return Reply.json(200, JsonValues.of(call.session().claimKeyPackages(call.requestId(), what)));
    }

    private static ClaimRequest.Target target(JsonObject in) throws DeliveryException {
        Optional<UserName> user = in.optionalParsed("user", UserName::new);
        Optional<ClientId> client = in.optionalParsed("client", ClientId::parse);
        if (user.isPresent() == client.isPresent()) {
            throw in.wrong("user", "or \"client\" has to be there, and not both");
        }
        return user.isPresent() ? new ClaimRequest.OfUser(user.get()) : new ClaimRequest.OfClient(client.orElseThrow());
    }

    private static RequiredCapabilities required(Optional<JsonObject> given) throws DeliveryException {
        if (given.isEmpty()) {
            return new RequiredCapabilities(List.of(), List.of(), List.of());
        }
        JsonObject in = given.get();
        RequiredCapabilities out = new RequiredCapabilities(
                in.codePoints("extensions").stream().map(ExtensionType::new).toList(),
                in.codePoints("proposals").stream().map(ProposalType::new).toList(),
                in.codePoints("credentials").stream().map(CredentialType::new).toList());
        in.end();
        return out;
    }
}
