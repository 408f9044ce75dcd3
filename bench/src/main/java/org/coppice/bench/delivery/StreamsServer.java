package org.coppice.bench.delivery;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;

/**
 * A node in a process of its own. Prints {@code port} and its port; then, for each line that it reads, {@code heap} and the bytes of it
 * that are in use after a collection; ends when there are no more lines.
 */
final class StreamsServer {
    private StreamsServer() {}

    /** @param args the data directory */
    public static void main(String[] args) throws Exception {
        ServerConfig config = ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(Path.of(args[0])))
                .withDelivery(Service.config())
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty());
        try (DeliveryServer server = DeliveryServer.start(config);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println("port " + server.port());
            while (in.readLine() != null) {
                for (int i = 0; i < 3; i++) {
                    System.gc();
                }
                long used =
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                System.out.println("heap " + used);
            }
        }
    }
}
