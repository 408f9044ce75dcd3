package org.coppice.delivery.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second service from a data directory. Two would not hear of each other's writes, so waiting readers of one would miss those of
 * the other. The system takes the lock back when the process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws IOException, EngineStartException {
        FileChannel channel = FileChannel.open(
                directory.resolve("delivery.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(e);
        }
        channel.close();
        throw inUse(null);
    }

    private static EngineStartException inUse(Throwable cause) {
        return new EngineStartException("another service is using the data directory", cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest.
            return;
        }
    }
}
