package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;

/** What the operator may ask of every service: that a name is given back. */
final class OperatorResource {
    /** The header with the operator's token. */
    static final String TOKEN = "Operator-Token";

    private final Backend backend;

    OperatorResource(Backend backend) {
        this.backend = backend;
    }

    List<Route> routes(Limits limits) {
        Route.Body json = new Route.Body(Json.TYPE, limits.maxOpenBytes());
        return List.of(Route.open("POST", "/v1/operator/releases", json, this::release));
    }

    private Reply release(Call call) throws DeliveryException, IOException {
        backend.requireOperator(call.header(TOKEN).orElse(""), call.origin());
        JsonObject in = call.json();
        UserName user = in.parsed("user", UserName::new);
        in.end();
        List<ClientId> clients = backend.release(user);
        ObjectNode out = Json.object();
        ArrayNode released = out.putArray("released");
        clients.forEach(client -> released.add(client.toString()));
        return Reply.json(200, out);
    }
}
