package org.coppice.delivery.contract;

import java.util.ArrayList;
import java.util.List;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.TestPostgres;

/** One database of its own, with as many nodes on it as it allows. */
public final class Nodes implements AutoCloseable {
    /** A kind of database. */
    public enum Kind {
        /** SQLite, which has one node. */
        SQLITE,
        /** PostgreSQL, with two. */
        POSTGRESQL
    }

    private final List<DeliveryService> services = new ArrayList<>();
    private int next;

    private Nodes() {}

    public static Nodes start(Kind kind, DeliveryConfig config) {
        Nodes nodes = new Nodes();
        if (kind == Kind.SQLITE) {
            nodes.services.add(Servers.open(Servers.sqlite(), config));
        } else {
            PostgresEngine.Address address = TestPostgres.database(6);
            nodes.services.add(Servers.open(Servers.postgres(address), config));
            nodes.services.add(Servers.open(Servers.postgres(address), config));
        }
        return nodes;
    }

    /** The nodes in turn. */
    public DeliveryService next() {
        return services.get(next++ % services.size());
    }

    /** A registered device, on the nodes in turn. */
    public Device device(String name) throws Exception {
        return device(name, HandshakePolicy.PUBLIC);
    }

    public Device device(String name, HandshakePolicy handshakes) throws Exception {
        return Device.of(Servers.inProcess(next()), ClientId.parse(name + "/laptop"), handshakes);
    }

    @Override
    public void close() {
        services.forEach(DeliveryService::close);
    }
}
