package org.coppice.client.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import okhttp3.Request;
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

/** One client's session over HTTP. Thread safe. */
final class HttpSession implements DeliverySession {
    private final Transport transport;
    private final Login login;
    private final ClientId self;
    private final HttpDelivery.Events events;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Waits waits;

    HttpSession(Transport transport, Login login, ClientId self, HttpDelivery.Events events) {
        this.transport = transport;
        this.login = login;
        this.waits = login.waits();
        this.self = self;
        this.events = events;
    }

    @Override
    public ClientId self() {
        return self;
    }

    // ---- sending

    private Answer send(Request.Builder request, Duration wait) throws DeliveryException, IOException {
        if (waits.isClosed()) {
            throw new IOException("the session is closed");
        }
        String token = login.token(Optional.empty());
        try {
            return transport.send(
                    request.header("Authorization", "Bearer " + token).build(), wait, waits);
        } catch (DeliveryException e) {
            if (e.kind() != ProblemKind.UNAUTHENTICATED) {
                throw e;
            }
            String fresh = login.token(Optional.of(token));
            return transport.send(
                    request.header("Authorization", "Bearer " + fresh).build(), wait, waits);
        }
    }

    private Answer get(HttpUrl.Builder url) throws DeliveryException, IOException {
        return send(new Request.Builder().url(url.build()), Duration.ZERO);
    }

    private Answer getBig(HttpUrl.Builder url) throws DeliveryException, IOException {
        return send(big(new Request.Builder().url(url.build())), Duration.ZERO);
    }

    private static Request.Builder big(Request.Builder request) {
        return request.tag(Transport.Size.class, Transport.Size.BIG);
    }

    private Answer get(String path) throws DeliveryException, IOException {
        return get(transport.url(path));
    }

    private Request.Builder write(RequestId id, String path) {
        return new Request.Builder().url(transport.url(path).build()).header("Request-Id", id.toString());
    }

    private Answer post(RequestId id, String path, ObjectNode body) throws DeliveryException, IOException {
        return send(big(write(id, path).post(Transport.body(body))), Duration.ZERO);
    }

    private Answer post(RequestId id, String path, String type, byte[] body) throws DeliveryException, IOException {
        return send(big(write(id, path).post(Transport.body(type, body))), Duration.ZERO);
    }

    private static String group(Bytes groupId, String rest) {
        return "/v1/groups/" + Json.groupId(groupId) + rest;
    }

    private static Bytes groupOf(MlsMessage message) {
        return message.groupId()
                .orElseThrow(() -> new IllegalArgumentException("the message is of no group: " + message.wireFormat()));
    }

    // ---- clients and key packages

    @Override
    public Stock publishKeyPackages(RequestId id, List<MlsMessage> keyPackages, Optional<MlsMessage> lastResort)
            throws DeliveryException, IOException {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("keyPackages");
        keyPackages.forEach(keyPackage -> list.add(Json.base64(keyPackage.encoded())));
        lastResort.ifPresent(keyPackage -> body.put("lastResort", Json.base64(keyPackage.encoded())));
        return post(id, "/v1/key-packages", body).value(Json::stock);
    }

    @Override
    public Stock keyPackageStock() throws DeliveryException, IOException {
        return get("/v1/key-packages").value(Json::stock);
    }

    @Override
    public List<ClientId> clientsOf(UserName user) throws DeliveryException, IOException {
        return get("/v1/users/" + user.value() + "/clients").value(Json::clients);
    }

    @Override
    public ClaimResult claimKeyPackages(RequestId id, ClaimRequest what) throws DeliveryException, IOException {
        ClaimResult out = post(id, "/v1/key-packages/claim", Json.of(what)).value(Json::claim);
        boolean asked = out.claimed().stream().allMatch(one -> what.target().includes(one.client()))
                && out.without().stream().allMatch(what.target()::includes);
        if (!asked) {
            throw Answer.wrong("is about clients that were not asked for");
        }
        return out;
    }

    @Override
    public void replaceCredential(RequestId id, RegisteredCredential credential, Bytes proof, Bytes consent)
            throws DeliveryException, IOException {
        ObjectNode body = Json.of(credential).put("proof", Json.base64(proof)).put("consent", Json.base64(consent));
        send(write(id, "/v1/clients/me/credential").put(Transport.body(body)), Duration.ZERO);
    }

    @Override
    public void logOut() throws DeliveryException, IOException {
        // A token that the service does not take is answered by a new login, which ends all others.
        send(new Request.Builder().url(transport.url("/v1/auth/token").build()).delete(), Duration.ZERO);
        login.forget();
    }

    @Override
    public void unregister(RequestId id, ClientId client, Bytes consent) throws DeliveryException, IOException {
        login.token(Optional.empty());
        ObjectNode body = Json.object().put("client", client.toString()).put("consent", Json.base64(consent));
        try {
            post(id, "/v1/clients/removals", body);
        } catch (DeliveryException e) {
            if (e.kind() != ProblemKind.UNAUTHENTICATED || !client.equals(self)) {
                throw e;
            }
            // It was logged in, and cannot log in now: the answer was lost, or somebody else has unregistered it.
        }
        if (client.equals(self)) {
            login.forget();
        }
    }

    // ---- groups

    @Override
    public Appended createGroup(RequestId id, MlsMessage groupInfo, Optional<Bytes> ratchetTree, GroupSettings settings)
            throws DeliveryException, IOException {
        ObjectNode body = Json.object().put("groupInfo", Json.base64(groupInfo.encoded()));
        ratchetTree.ifPresent(tree -> body.put("ratchetTree", Json.base64(tree)));
        body.set("settings", Json.of(settings));
        return post(id, "/v1/groups", body).value(Json::appended);
    }

    @Override
    public Appended commit(RequestId id, CommitBundle bundle) throws DeliveryException, IOException {
        String path = group(groupOf(bundle.commit()), "/commits");
        return post(id, path, MediaTypes.COMMIT_BUNDLE, bundle.encoded()).value(Json::appended);
    }

    @Override
    public Appended send(RequestId id, MlsMessage message) throws DeliveryException, IOException {
        String path = group(groupOf(message), "/messages");
        return post(id, path, Transport.MESSAGE, message.encoded()).value(Json::appended);
    }

    private HttpUrl.Builder cursor(String path, long after, int limit, Duration wait) {
        HttpUrl.Builder url = transport
                .url(path)
                .addQueryParameter("after", Long.toString(after))
                .addQueryParameter("limit", Integer.toString(limit));
        return wait.isZero() ? url : url.addQueryParameter("wait", Long.toString(wait.toMillis()));
    }

    @Override
    public LogPage read(Bytes groupId, long after, int limit, Duration wait) throws DeliveryException, IOException {
        Request.Builder request = new Request.Builder()
                .url(cursor(group(groupId, "/log"), after, limit, wait).build())
                .header("Accept", MediaTypes.LOG);
        return send(big(request), wait).decoded(LogPage::decode);
    }

    @Override
    public MlsMessage groupInfo(Bytes groupId) throws DeliveryException, IOException {
        return getBig(transport.url(group(groupId, "/group-info"))).decoded(MlsMessage::decode);
    }

    @Override
    public Bytes ratchetTree(Bytes groupId, long epoch) throws DeliveryException, IOException {
        return getBig(transport.url(group(groupId, "/tree")).addQueryParameter("epoch", Long.toUnsignedString(epoch)))
                .bytes();
    }

    @Override
    public GroupSettings settings(Bytes groupId) throws DeliveryException, IOException {
        return get(group(groupId, "/settings")).value(Json::settings);
    }

    @Override
    public void changeSettings(RequestId id, Bytes groupId, GroupSettings settings)
            throws DeliveryException, IOException {
        send(write(id, group(groupId, "/settings")).put(Transport.body(Json.of(settings))), Duration.ZERO);
    }

    @Override
    public void report(RequestId id, CannotProcess report) throws DeliveryException, IOException {
        ObjectNode body = Json.object().put("seq", report.seq()).put("rule", report.rule());
        post(id, group(report.groupId(), "/reports"), body);
    }

    // ---- own

    @Override
    public List<InboxEntry> inbox(long after, int limit, Duration wait) throws DeliveryException, IOException {
        Request.Builder request = new Request.Builder()
                .url(cursor("/v1/inbox", after, limit, wait).build());
        return send(big(request), wait).value(Json::inbox);
    }

    @Override
    public void acknowledgeInbox(long upTo) throws DeliveryException, IOException {
        HttpUrl url = transport
                .url("/v1/inbox")
                .addQueryParameter("upTo", Long.toString(upTo))
                .build();
        send(new Request.Builder().url(url).delete(), Duration.ZERO);
    }

    @Override
    public Optional<Outcome> outcome(RequestId id) throws DeliveryException, IOException {
        try {
            return Optional.of(get("/v1/requests/" + id).value(Json::outcome));
        } catch (DeliveryException e) {
            if (e.kind() == ProblemKind.UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<GroupHead> groups() throws DeliveryException, IOException {
        return getBig(transport.url("/v1/groups")).value(Json::groups);
    }

    @Override
    public Subscription subscribe(HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        Subscription out = events == HttpDelivery.Events.POLL
                ? PollingHints.begin(this, listener)
                : StreamedHints.open(this, listener, lastEventId);
        Subscription tracked = () -> {
            subscriptions.removeIf(other -> other == out);
            out.close();
        };
        subscriptions.add(out);
        if (waits.isClosed()) {
            tracked.close();
        }
        return tracked;
    }

    /** A request for the stream of hints, with a token. */
    Request events(Optional<String> lastEventId, Optional<String> refusedToken) throws DeliveryException, IOException {
        Request.Builder out = new Request.Builder()
                .url(transport.url("/v1/events").build())
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + login.token(refusedToken));
        lastEventId.ifPresent(id -> out.header("Last-Event-ID", id));
        return out.build();
    }

    Waits waits() {
        return waits;
    }

    Transport transport() {
        return transport;
    }

    boolean fallsBack() {
        return events == HttpDelivery.Events.STREAM_OR_POLL;
    }

    @Override
    public void close() {
        waits.close();
        List.copyOf(subscriptions).forEach(Subscription::close);
        subscriptions.clear();
    }
}
