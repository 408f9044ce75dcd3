package org.coppice.interop.runner;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.interop.InteropService;
import org.coppice.interop.wire.MLSClientGrpc;
import org.coppice.interop.wire.MLSClientGrpc.MLSClientBlockingStub;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.framing.MlsMessage;

/** Servers in this process, one for each source of cryptography, so that these play against each other. */
final class Troupe implements AutoCloseable {
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** @param interceptors what sees each call before its server */
    Troupe(ServerInterceptor... interceptors) throws IOException {
        for (CryptoProvider provider : List.of(
                CryptoProviders.best(), CryptoProviders.jdk(), CryptoProviders.of(new BouncyCastleCryptoProvider()))) {
            String name = InProcessServerBuilder.generateName();
            servers.add(InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(
                            ServerInterceptors.intercept(new InteropService(provider, true, line -> {}), interceptors))
                    .build()
                    .start());
            channels.add(InProcessChannelBuilder.forName(name).directExecutor().build());
        }
    }

    /** A server by its number, counted round. */
    MLSClientBlockingStub server(int number) {
        return MLSClientGrpc.newBlockingStub(channels.get(number % channels.size()));
    }

    /** Plays a script, whose actors are handed out in turn from the server of number {@code first} on. */
    List<MlsMessage> play(Script script, int suite, boolean encryptHandshake, int first, long seed) {
        Map<String, MLSClientBlockingStub> roles = new LinkedHashMap<>();
        for (String actor : script.actors()) {
            roles.put(actor, server(first + roles.size()));
        }
        return new Play(script, suite, encryptHandshake, roles, seed).run();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }
}
