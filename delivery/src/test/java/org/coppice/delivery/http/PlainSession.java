package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/** A session over plain HTTP, written from {@code docs/openapi.yaml} alone, by which the contract is tested over the wire. */
final class PlainSession implements DeliverySession {
    private final PlainClient http;
    private final ClientId self;

    PlainSession(PlainClient http, ClientId self) {
        this.http = http;
        this.self = self;
    }

    @Override
    public ClientId self() {
        return self;
    }

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException {
        ObjectNode body = http.object();
        ArrayNode list = body.putArray("keyPackages");
        keyPackages.forEach(one -> list.add(one.encoded()));
        lastResort.ifPresent(one -> body.put("lastResort", one.encoded()));
        return PlainValues.stock(http.write("POST", "/v1/key-packages", id, body));
    }

    @Override
    public Stock keyPackageStock() throws DeliveryException, IOException {
        return PlainValues.stock(http.get("/v1/key-packages"));
    }

    @Override
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        return PlainValues.clients(http.get("/v1/users/" + user + "/clients").get("clients"));
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException, IOException {
        ObjectNode body = http.object().put("cipherSuite", what.cipherSuite().value());
        if (what.target() instanceof ClaimRequest.OfUser user) {
            body.put("user", user.user().value());
        } else if (what.target() instanceof ClaimRequest.OfClient client) {
            body.put("client", client.client().toString());
        }
        ObjectNode required = body.putObject("required");
        ArrayNode extensions = required.putArray("extensions");
        what.required().extensionTypes().forEach(type -> extensions.add(type.value()));
        ArrayNode proposals = required.putArray("proposals");
        what.required().proposalTypes().forEach(type -> proposals.add(type.value()));
        ArrayNode credentials = required.putArray("credentials");
        what.required().credentialTypes().forEach(type -> credentials.add(type.value()));
        ArrayNode understood = body.putArray("understood");
        what.understood().forEach(type -> understood.add(type.value()));
        return PlainValues.claim(http.write("POST", "/v1/key-packages/claim", id, body));
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException, IOException {
        ObjectNode body = PlainClient.credential(http.object(), credential)
                .put("proof", proof.toByteArray())
                .put("consent", consent.toByteArray());
        http.write("PUT", "/v1/clients/me/credential", id, body);
    }

    @Override
    public void logOut() throws DeliveryException, IOException {
        http.delete("/v1/auth/token");
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException, IOException {
        ObjectNode body = http.object().put("client", client.toString()).put("consent", consent.toByteArray());
        http.write("POST", "/v1/clients/removals", id, body);
    }

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException, IOException {
        ObjectNode body = http.object().put("groupInfo", groupInfo.encoded());
        ratchetTree.ifPresent(tree -> body.put("ratchetTree", tree.toByteArray()));
        body.set("settings", PlainValues.settings(http.object(), settings));
        return PlainValues.appended(http.write("POST", "/v1/groups", id, body));
    }

    private static String path(Bytes groupId) {
        return "/v1/groups/" + PlainValues.groupId(groupId);
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException, IOException {
        String path = path(bundle.commit().groupId().orElseThrow()) + "/commits";
        return PlainValues.appended(http.write("POST", path, id, MediaTypes.COMMIT_BUNDLE, bundle.encoded()));
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException, IOException {
        String path = path(message.groupId().orElseThrow()) + "/messages";
        return PlainValues.appended(http.write("POST", path, id, "message/mls", message.encoded()));
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException, IOException {
        return PlainValues.decode(
                LogPage::decode,
                http.getBytes(path(groupId) + "/log?after=" + after + "&limit=" + limit + "&wait=" + wait.toMillis()));
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException {
        return PlainValues.decode(MlsMessage::decode, http.getBytes(path(groupId) + "/group-info"));
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException, IOException {
        return Bytes.wrap(http.getBytes(path(groupId) + "/tree?epoch=" + Long.toUnsignedString(epoch)));
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException, IOException {
        return PlainValues.settings(http.get(path(groupId) + "/settings"));
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings)
            throws DeliveryException, IOException {
        http.write("PUT", path(groupId) + "/settings", id, PlainValues.settings(http.object(), settings));
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException, IOException {
        ObjectNode body = http.object().put("seq", report.seq()).put("rule", report.rule());
        http.write("POST", path(report.groupId()) + "/reports", id, body);
    }

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait) throws DeliveryException, IOException {
        return PlainValues.inbox(http.get("/v1/inbox?after=" + after + "&limit=" + limit + "&wait=" + wait.toMillis()));
    }

    @Override
    public void acknowledgeInbox(long upTo) throws DeliveryException, IOException {
        http.delete("/v1/inbox?upTo=" + upTo);
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) throws DeliveryException, IOException {
        try {
            return Optional.of(PlainValues.outcome(http.get("/v1/requests/" + id)));
        } catch (DeliveryException e) {
            if (e.kind() == ProblemKind.UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<GroupHead> groups() throws DeliveryException, IOException {
        List<GroupHead> out = new ArrayList<>();
        for (JsonNode group : http.get("/v1/groups").get("groups")) {
            out.add(new GroupHead(
                    PlainValues.groupId(group.get("groupId").asText()),
                    PlainValues.unsigned(group.get("epoch")),
                    group.get("head").asLong(),
                    group.get("from").asLong(),
                    group.get("member").asBoolean()));
        }
        return out;
    }

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        return PlainStream.open(http, listener, lastEventId);
    }

    @Override
    public void close() {
        // Nothing is held but what the client holds for all.
    }
}
