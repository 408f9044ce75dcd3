package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.ops.Metrics;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/OPERATIONS.md} names the metrics that there are. */
class OperationsDocumentTest {
    private static final Pattern METRIC = Pattern.compile("coppice_[a-z_]+[a-z]");

    private static TreeSet<String> names(String text) {
        TreeSet<String> out = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            // A timer has several series.
            out.add(matcher.group().replaceAll("_(bucket|count|sum|max)$", ""));
        }
        return out;
    }

    @Test
    void namesEachMetricAndNoOther(@TempDir Path data) throws Exception {
        ServerConfig config = ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(data))
                .withDelivery(Servers.config())
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty());
        try (DeliveryServer server = DeliveryServer.start(config)) {
            Metrics metrics = server.metrics();
            metrics.answered(metrics.begin(), "none", "GET", 404, "unknown");
            Path document = Path.of("").toAbsolutePath().getParent().resolve("docs/OPERATIONS.md");
            assertThat(names(Files.readString(document))).isEqualTo(names(metrics.scrape()));
            assertThat(metrics.scrape())
                    .contains("\njvm_")
                    .contains("\nprocess_")
                    .contains("\nsystem_");
        }
    }
}
