package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;

/** Users, their clients, the credential of one's own client, and the ways out. */
final class ClientsResource {
    List<Route> routes(Limits limits) {
        Endpoint.Now logOut = this::logOut;
        return List.of(
                Route.read("/v1/users/{user}/clients", List.of(), this::clients),
                Route.write(
                        "PUT",
                        "/v1/clients/me/credential",
                        new Route.Body(Json.TYPE, limits.maxJsonBytes()),
                        this::replaceCredential),
                Route.write(
                        "POST",
                        "/v1/clients/removals",
                        new Route.Body(Json.TYPE, limits.maxJsonBytes()),
                        this::unregister),
                new Route("DELETE", "/v1/auth/token", Set.of(Route.Need.TOKEN), Route.Body.NONE, List.of(), logOut));
    }

    private Reply clients(Call call) throws DeliveryException, IOException {
        String user = call.parameter("user");
        if (!UserName.isValid(user)) {
            throw Problems.malformed("PATH", "that is no user name").asException();
        }
        return Reply.json(200, JsonValues.clients(call.session().clientsOf(new UserName(user))));
    }

    private Reply unregister(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        ClientId client = in.parsed("client", ClientId::parse);
        Bytes consent = in.bytes("consent");
        in.end();
        call.session().unregister(call.requestId(), client, consent);
        return Reply.noContent();
    }

    private Reply logOut(Call call) throws DeliveryException, IOException {
        call.session().logOut();
        return Reply.noContent();
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
