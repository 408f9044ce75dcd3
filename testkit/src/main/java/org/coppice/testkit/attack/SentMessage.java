package org.coppice.testkit.attack;

import java.util.HashSet;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/** One application message of a {@link Life}, and who has read it so far. */
public final class SentMessage {
    private final int time;
    private final long epoch;
    private final String sender;
    private final MlsMessage message;
    private final Bytes data;
    private final Set<String> readers = new HashSet<>();

    SentMessage(int time, long epoch, String sender, MlsMessage message, Bytes data) {
        this.time = time;
        this.epoch = epoch;
        this.sender = sender;
        this.message = message;
        this.data = data;
    }

    /** When it was sent, as {@link Life} counts time. */
    public int time() {
        return time;
    }

    /** The epoch it was sent in. */
    public long epoch() {
        return epoch;
    }

    /** Who sent it. */
    public String sender() {
        return sender;
    }

    /** What went over the wire. */
    public MlsMessage message() {
        return message;
    }

    /** What it says. */
    public Bytes data() {
        return data;
    }

    /** Whether this member has read it by now. */
    public boolean wasReadBy(String name) {
        return readers.contains(name);
    }

    void markRead(String name) {
        readers.add(name);
    }
}
