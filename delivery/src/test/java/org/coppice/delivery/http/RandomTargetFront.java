package org.coppice.delivery.http;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.mls.framing.MlsMessage;

/** The front over a service that believes everything. */
final class RandomTargetFront implements RandomTarget {
    private final TestServer server = TestServer.start();
    private int count;

    RandomTargetFront() throws Exception {
        server.withGroup();
    }

    @Override
    public Socket connect() throws IOException {
        return server.connect();
    }

    @Override
    public String token() {
        return TestServer.ALICE;
    }

    @Override
    public void logIn() {
        // A token of the service behind it stands for its client for good.
    }

    @Override
    public String gid() {
        return Sample.GID;
    }

    @Override
    public MlsMessage message() {
        return Sample.application(count++ % 100);
    }

    @Override
    public CommitBundle bundle() {
        return CommitBundle.of(Sample.commit(count++ % 3), Optional.of(Sample.welcome()), Optional.empty());
    }

    @Override
    public int status() throws Exception {
        return server.ops("/health/live").startsWith("200")
                ? server.get("/v1/groups").statusCode()
                : 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
