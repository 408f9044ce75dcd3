package org.coppice.delivery.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;

/**
 * What clients asked of a delivery service and were answered, and what the service held in the end: what
 * {@link HistoryChecker} judges.
 *
 * @param answers the answers that clients got, in any order
 * @param groups the groups in the end
 * @param welcomes all Welcomes that clients ever fetched, or could fetch in the end
 * @param infos the GroupInfos that clients were given, those of each client in its order
 */
public record History(List<Answer> answers, List<GroupLog> groups, List<Fetched> welcomes, List<Info> infos) {
    /** Copies the lists. */
    public History {
        answers = List.copyOf(answers);
        groups = List.copyOf(groups);
        welcomes = List.copyOf(welcomes);
        infos = List.copyOf(infos);
    }

    /**
     * A write that was answered.
     *
     * @param client whose
     * @param request its id
     * @param operation what was asked
     * @param outcome the answer; empty if it was refused
     */
    public record Answer(ClientId client, RequestId request, Operation operation, Optional<Outcome> outcome) {}

    /** What a write asks. */
    public sealed interface Operation {}

    /**
     * Something for a log.
     *
     * @param groupId the group
     * @param kind what it is
     * @param message the message
     * @param welcomed the references of the key packages that a Welcome with it is for
     */
    public record Append(Bytes groupId, EntryKind kind, Bytes message, List<Bytes> welcomed) implements Operation {}

    /** A claim of key packages. */
    public record Claim() implements Operation {}

    /** Anything else. */
    public record Other() implements Operation {}

    /**
     * A group in the end.
     *
     * @param groupId the group
     * @param firstEpoch the epoch that it was created in
     * @param epoch the epoch that the service says it is in
     * @param head the last entry that the service says it has
     * @param entries its whole log
     */
    public record GroupLog(Bytes groupId, long firstEpoch, long epoch, long head, List<LogEntry> entries) {
        /** Copies the list. */
        public GroupLog {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A Welcome.
     *
     * @param client who got it
     * @param entry as it was in the inbox
     */
    public record Fetched(ClientId client, InboxEntry entry) {}

    /**
     * A GroupInfo.
     *
     * @param client who got it
     * @param groupId the group
     * @param epoch the epoch that it is of
     * @param known the last entry that the client knew to be in the log when it asked
     */
    public record Info(ClientId client, Bytes groupId, long epoch, long known) {}

    /** The groups by their ids. */
    Map<Bytes, GroupLog> groupsById() {
        Map<Bytes, GroupLog> out = new HashMap<>();
        groups.forEach(group -> out.put(group.groupId(), group));
        return out;
    }
}
