package org.coppice.delivery.http;

import java.io.IOException;
import java.util.Optional;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.contract.TestServer;
import org.coppice.delivery.engine.TestPostgres;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;

/** The service over HTTP, as the contract's tests see it. */
public final class HttpServers {
    private HttpServers() {}

    /** One over SQLite, reached by HTTP/2 in clear; it lives as long as the JVM. */
    public static TestServer sqlite() {
        return over(start(new Storage.Directory(Servers.directory())).url());
    }

    /** The same over PostgreSQL. */
    public static TestServer postgres() {
        return over(start(new Storage.Postgres(TestPostgres.database(8))).url());
    }

    /** A node on a free port, which limits nobody. */
    public static DeliveryServer start(Storage storage) {
        try {
            return DeliveryServer.start(ServerConfig.DEFAULT
                    .withStorage(storage)
                    .withDelivery(Servers.config())
                    .withAddress("127.0.0.1", 0)
                    .withOps(Optional.empty()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The service at {@code url}. */
    public static TestServer over(String url) {
        Environment environment =
                Environment.builder().validator(CredentialValidator.acceptAll()).build();
        return (client, credential, signer) -> new PlainSession(
                PlainClient.register(url, client, credential, environment.crypto(credential.cipherSuite()), signer),
                client);
    }
}
