package org.coppice.client.model;

import java.util.List;
import java.util.Objects;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.mls.codec.Bytes;

/**
 * A conversation at one moment.
 *
 * @param groupId its id
 * @param name what it is called, or was when this client was a member last
 * @param status where this client stands
 * @param reason why it is stuck, damaged or gone; empty otherwise
 * @param epoch the present epoch, an unsigned 64-bit number; 0 if this client is no member or its group is damaged
 * @param cursor the last entry of the log that was taken in
 * @param handshakes whether the service can read who comes and goes
 * @param members the members; empty once this client is none
 * @param waiting how many things that were asked for are not done yet
 */
public record ConversationView(
        Bytes groupId,
        String name,
        ConversationStatus status,
        String reason,
        long epoch,
        long cursor,
        HandshakePolicy handshakes,
        List<MemberInfo> members,
        int waiting) {
    /** Copies the list. */
    public ConversationView {
        Objects.requireNonNull(groupId, "groupId");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(reason, "reason");
        members = List.copyOf(members);
    }
}
