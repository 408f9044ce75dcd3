package org.coppice.bench.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A {@link StreamsServer}, and what the system (Linux) says of its process. */
final class ServerProcess implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final int port;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
        this.port = (int) next("port ");
    }

    /** The number behind {@code label}; what the server says besides is passed over. */
    private long next(String label) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(label)) {
                return Long.parseLong(line.substring(label.length()));
            }
        }
        throw new IOException("the server has ended; its complaint is above");
    }

    static ServerProcess start(Path data) throws IOException {
        return new ServerProcess(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamsServer.class.getName(),
                        data.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    int port() {
        return port;
    }

    /** Bytes of heap in use after a collection. */
    long heap() throws IOException {
        in.write("heap\n");
        in.flush();
        return next("heap ");
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /** Bytes of memory that the process holds. */
    long resident() throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    /** Open files, connections among them. */
    long files() throws IOException {
        try (var all = Files.list(proc("fd"))) {
            return all.count();
        }
    }

    /** Seconds on a processor so far. */
    double processor() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        // utime and stime, the fields 14 and 15 of proc(5), of which two are cut off.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    @Override
    public void close() throws IOException {
        in.close();
        process.destroy();
    }
}
