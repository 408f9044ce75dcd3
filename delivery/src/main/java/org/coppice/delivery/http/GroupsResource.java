package org.coppice.delivery.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/** Groups: creating, finding, joining from outside, settings, reports. */
final class GroupsResource {
    /** A ratchet tree: the encoding of RFC 9420 section 12.4.3.3, which has no media type of its own. */
    static final String TREE = "application/octet-stream";

    /** A single MLSMessage (RFC 9420 section 17.10). */
    static final String MESSAGE = "message/mls";

    List<Route> routes(Limits limits) {
        Route.Body json = new Route.Body(Json.TYPE, limits.maxJsonBytes());
        return List.of(
                Route.write("POST", "/v1/groups", new Route.Body(Json.TYPE, limits.maxGroupBytes()), this::create),
                Route.read("/v1/groups", List.of(), this::list),
                Route.read("/v1/groups/{gid}/group-info", List.of(), this::groupInfo),
                Route.read("/v1/groups/{gid}/tree", List.of("epoch"), this::tree),
                Route.read("/v1/groups/{gid}/settings", List.of(), this::settings),
                Route.write("PUT", "/v1/groups/{gid}/settings", json, this::changeSettings),
                Route.write("POST", "/v1/groups/{gid}/reports", json, this::report));
    }

    private Reply create(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        MlsMessage groupInfo = in.decoded("groupInfo", MlsMessage::decode);
        Optional<Bytes> tree = in.optionalBytes("ratchetTree");
        Optional<JsonObject> given = in.optionalObject("settings");
        GroupSettings settings = given.isPresent() ? JsonSettings.read(given.get()) : GroupSettings.DEFAULT;
        in.end();
        return Reply.json(201, JsonValues.of(call.session().createGroup(call.requestId(), groupInfo, tree, settings)));
    }

    private Reply list(Call call) throws DeliveryException, IOException {
        return Reply.json(200, JsonValues.groups(call.session().groups()));
    }

    private Reply groupInfo(Call call) throws DeliveryException, IOException {
        return Reply.binary(MESSAGE, call.session().groupInfo(call.groupId()).encoded());
    }

    private Reply tree(Call call) throws DeliveryException, IOException {
        Optional<Long> epoch = call.epoch("epoch");
        if (epoch.isEmpty()) {
            throw Problems.malformed("QUERY", "\"epoch\" is missing").asException();
        }
        return Reply.binary(
                TREE, call.session().ratchetTree(call.groupId(), epoch.get()).toByteArray());
    }

    private Reply settings(Call call) throws DeliveryException, IOException {
        return Reply.json(200, JsonSettings.write(call.session().settings(call.groupId())));
    }

    private Reply changeSettings(Call call) throws DeliveryException, IOException {
        GroupSettings settings = JsonSettings.read(call.json());
        call.session().changeSettings(call.requestId(), call.groupId(), settings);
        return Reply.noContent();
    }

    private Reply report(Call call) throws DeliveryException, IOException {
        JsonObject in = call.json();
        long seq = in.number("seq", 0, Long.MAX_VALUE);
        String rule = in.text("rule");
        if (!CannotProcess.isRuleName(rule)) {
            throw in.wrong(
                    "rule", "is not the name of a rule: 1 to " + CannotProcess.MAX_RULE_LENGTH + " of A-Z 0-9 _");
        }
        in.end();
        call.session().report(call.requestId(), new CannotProcess(call.groupId(), seq, rule));
        return Reply.noContent();
    }
}
