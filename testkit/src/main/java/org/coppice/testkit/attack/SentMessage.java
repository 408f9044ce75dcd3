package org.coppice.testkit.attack;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.Received;

/** One application message of a {@link Life}, and who has read it so far. */
public final class SentMessage {
    private final int time;
    private final long epoch;
    private final String sender;
    private final MlsMessage message;
    private final Bytes data;
    private final Optional<Offshoot> offshoot;
    private final Set<String> readers = new HashSet<>();

    SentMessage(int time, long epoch, String sender, MlsMessage message, Bytes data, Optional<Offshoot> offshoot) {
        this.time = time;
        this.epoch = epoch;
        this.sender = sender;
        this.message = message;
        this.data = data;
        this.offshoot = offshoot;
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

    /** The subgroup or successor it was sent in; empty if it was sent in the group itself. */
    public Optional<Offshoot> offshoot() {
        return offshoot;
    }

    /** Whether this member has read it by now. */
    public boolean wasReadBy(String name) {
        return readers.contains(name);
    }

    /** Has a member read it, if it still can. */
    void deliver(String name, Group group) throws MlsException {
        try {
            Received received = group.receive(message);
            if (!((Received.Application) received).data().equals(data)) {
                throw new AssertionError("a message says something else to " + name);
            }
            readers.add(name);
        } catch (StaleEpochException e) {
            return; // too late, or from before the member's time
        }
    }
}
