package org.coppice.delivery.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;

/** A whole node on SQLite, with an authority. */
final class RandomTargetNode implements RandomTarget {
    private final DeliveryServer server;
    private final Device alice;
    private String token = "";

    RandomTargetNode(Path directory) throws Exception {
        server = DeliveryServer.start(ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory.resolve("data")))
                .withDelivery(Servers.config()
                        .withAuthority(AuthorityConfig.of(
                                IssuerKey.openOrCreate(directory.resolve("authority"), Clock.systemUTC()))))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty()));
        device("bob/laptop").publish(20);
        alice = device("alice/laptop");
        alice.publish(20);
        alice.create();
    }

    private Device device(String name) throws Exception {
        ClientId id = ClientId.parse(name);
        MlsClient client = Device.mls(id, HandshakePolicy.PUBLIC);
        PlainClient http = enter(id, client);
        token = http.token();
        return new Device(id, client, new PlainSession(http, id));
    }

    /** Registers a client, or logs it in. */
    private PlainClient enter(ClientId id, MlsClient client) throws Exception {
        RegisteredCredential credential = new RegisteredCredential(
                Device.SUITE, id.basicCredential(), client.signer().publicKey());
        return PlainClient.register(server.url(), id, credential, client.crypto(), client.signer());
    }

    @Override
    public Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public void logIn() throws Exception {
        token = enter(alice.id(), alice.client()).token();
    }

    @Override
    public String gid() {
        return JsonValues.groupId(alice.groupId());
    }

    @Override
    public MlsMessage message() throws Exception {
        return alice.group().encrypt(new byte[50]);
    }

    @Override
    public CommitBundle bundle() throws Exception {
        StagedCommit staged = alice.staged();
        CommitBundle bundle = alice.bundleOf(staged);
        alice.group().clearPendingCommits();
        return bundle;
    }

    @Override
    public int status() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/groups"))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
