package org.coppice.delivery.crash;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.mls.codec.Bytes;

/**
 * A node with clients that keep it busy, in a process that is there to be killed: some commit against each other in one group, some add
 * and remove others in groups of their own, some fetch their Welcomes.
 *
 * <p>Arguments: the database (a directory, or a JDBC URL), the journals' directory, the number of this node, the name of its journal.
 */
final class LoadMain {
    static final Bytes CONTENDED = Bytes.wrap("contended".getBytes(StandardCharsets.US_ASCII));

    private LoadMain() {}

    public static void main(String[] arguments) throws Exception {
        Engine engine = engine(arguments[0], 12);
        DeliveryService service = DeliveryService.open(engine, Servers.config());
        int node = Integer.parseInt(arguments[2]);
        Journal journal = new Journal(Path.of(arguments[1], arguments[3] + ".journal"));
        Path keys = Path.of(arguments[1]);
        for (int i = 0; i < 3; i++) {
            start(new Committer(new Client(service, journal, keys, client("committer", node, i)), node == 0 && i == 0));
        }
        ClientId joiner = client("joiner", node, 0);
        start(new Joiner(new Client(service, journal, keys, joiner)));
        for (int i = 0; i < 2; i++) {
            start(new Host(new Client(service, journal, keys, client("host", node, i)), joiner));
        }
        System.out.println("ready");
        Thread.currentThread().join();
    }

    static Engine engine(String where, int connections) {
        return where.startsWith("jdbc:")
                ? Servers.postgres(new PostgresEngine.Address(where, null, null, connections))
                : Servers.sqlite(Path.of(where));
    }

    private static ClientId client(String role, int node, int index) {
        return ClientId.parse(role + node + "-" + index + "/device");
    }

    private static void start(Load load) {
        new Thread(() -> {
                    try {
                        load.run();
                    } catch (Throwable e) {
                        // A load that ends by itself is a failure: the parent sees that nothing goes on.
                        e.printStackTrace();
                        Runtime.getRuntime().halt(3);
                    }
                })
                .start();
    }
}
