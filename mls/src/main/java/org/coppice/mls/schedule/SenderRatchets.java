package org.coppice.mls.schedule;

/** The two ratchets of one leaf, which come into being together (RFC 9420 §9). */
record SenderRatchets(Ratchet handshake, Ratchet application) implements AutoCloseable {
    Ratchet of(RatchetType type) {
        return type == RatchetType.HANDSHAKE ? handshake : application;
    }

    @Override
    public void close() {
        handshake.close();
        application.close();
    }
}
