package org.coppice.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.coppice.cli.Coppice;
import org.coppice.cli.CoppiceProcess;
import org.coppice.cli.ExitCode;
import org.coppice.interop.wire.MLSClientGrpc;
import org.coppice.interop.wire.NameRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the server plays its part is tested in the interop module. */
class InteropCommandTest {
    @TempDir
    private Path directory;

    @Test
    void listensUntilItIsToldToStop() throws IOException {
        try (CoppiceProcess server = CoppiceProcess.start(directory, Map.of(), "interop", "--port", "0")) {
            String first = server.line();
            assertThat(first).as(server.err()).startsWith("Coppice plays MLS clients on 127.0.0.1:");
            int port = Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
            ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            try {
                assertThat(MLSClientGrpc.newBlockingStub(channel)
                                .name(NameRequest.getDefaultInstance())
                                .getName())
                        .isEqualTo("Coppice");
            } finally {
                channel.shutdownNow();
            }
            server.terminate();
            assertThat(server.code()).as(server.err()).isZero();
        }
    }

    @Test
    void saysThatThePortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Coppice.Run run = Coppice.run("interop", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(run.err())
                    .startsWith("coppice: cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("hint: another server? choose another --port");
        }
    }

    @Test
    void aPortOutsideItsRangeIsWrongUsage() {
        assertThat(Coppice.run("interop", "--port", "65536").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("interop", "--port", "-1").code()).isEqualTo(ExitCode.USAGE);
    }
}
