package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;

/** Users, their clients, and the credential of one's own client. */
final class ClientsResource {
    List<Route> routes(Limits limits) {
        return List.of(
                Route.read("/v1/users/{user}/clients", List.of(), this::clients),
                Route.write(
                        "PUT",
                        "/v1/clients/me/credential",
                        new Route.Body(Json.TYPE, limits.maxJsonBytes()),
                        this::replaceCredential));
    }

    private Reply clients(Call call) throws DeliveryException, IOException {
        String user = call.parameter("user");
        if (!UserName.isValid(user)) {
            throw Problems.malformed("PATH", "that is no user name").asException();
        }
        return Reply.json(200, JsonValues.clients(call.session().clientsOf(new UserName(user))));
    }

    private Reply replaceCredential(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        RegisteredCredential credential = AuthResource.credential(in);
        Bytes proof = in.bytes("proof");
        Bytes consent = in.bytes("consent");
        in.end();
        call.session().replaceCredential(call.requestId(), credential, proof, consent);
        return Reply.noContent();
    }
}
