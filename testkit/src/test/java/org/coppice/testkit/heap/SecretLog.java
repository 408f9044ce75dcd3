package org.coppice.testkit.heap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;

/** A file of what happened in the child. Written through memory outside of the heap, so that no copy of a secret stays in it. */
final class SecretLog implements AutoCloseable {
    /** What an entry tells. */
    enum Kind {
        /** Text: the scene goes on to another phase. */
        PHASE,
        /** Text: a dump was taken. */
        DUMP,
        /** Key, input and output of HMAC. */
        HMAC,
        /** A private key that a provider made for a leaf or a key package. */
        HPKE_KEY,
        /** A private key that a provider made for one message of HPKE. */
        EPHEMERAL_KEY,
        /** A name, and a secret that goes by it. */
        NAMED
    }

    /** One entry. */
    record Entry(Kind kind, List<Bytes> fields) {
        Bytes field(int i) {
            return fields.get(i);
        }

        String text() {
            return new String(field(0).toByteArray(), StandardCharsets.UTF_8);
        }
    }

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    SecretLog(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void text(Kind kind, String text) {
        bytes(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    void named(String name, byte[] secret) {
        bytes(Kind.NAMED, name.getBytes(StandardCharsets.UTF_8), secret);
    }

    /** Only reads the arrays. */
    synchronized void bytes(Kind kind, byte[]... fields) {
        begin(kind, fields.length);
        for (byte[] field : fields) {
            put(field, 0, field.length);
        }
        end();
    }

    /** Only reads the arrays. */
    synchronized void hmac(byte[] key, byte[] in, int offset, int length, byte[] out) {
        begin(Kind.HMAC, 3);
        put(key, 0, key.length);
        put(in, offset, length);
        put(out, 0, out.length);
        end();
    }

    private void begin(Kind kind, int fields) {
        buffer.clear();
        buffer.put((byte) kind.ordinal()).put((byte) fields);
    }

    private void put(byte[] in, int offset, int length) {
        buffer.putInt(length).put(in, offset, length);
    }

    private void end() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static List<Entry> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Entry> out = new ArrayList<>();
        while (in.hasRemaining()) {
            Kind kind = Kind.values()[in.get()];
            List<Bytes> fields = new ArrayList<>();
            for (int i = in.get(); i > 0; i--) {
                byte[] field = new byte[in.getInt()];
                in.get(field);
                fields.add(Bytes.wrap(field));
            }
            out.add(new Entry(kind, List.copyOf(fields)));
        }
        return out;
    }
}
