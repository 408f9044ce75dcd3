package org.coppice.client.simulator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.MessageId;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/** What must hold at the end of each life. */
final class Judge {
    private final Life life;

    Judge(Life life) {
        this.life = life;
    }

    void judge() {
        for (Actor actor : life.actors()) {
            if (!actor.hasForgotten() && !actor.stuck().isEmpty()) {
                throw new Violation(actor + " could not follow, without having lost anything: " + actor.stuck());
            }
        }
        for (Bytes groupId : life.groups().groups()) {
            GroupLedger.Course course = life.groups().course(groupId).orElseThrow();
            agreement(groupId, course.last());
            Map<Long, HistoryEntry.Message> log = messages(groupId);
            for (Actor actor : life.actors()) {
                actor.conversation(groupId).ifPresent(conversation -> history(actor, conversation, course, log));
            }
            promises(groupId, course, log);
        }
    }

    // ---- agreement

    private void agreement(Bytes groupId, GroupLedger.Epoch epoch) {
        Optional<Bytes> authenticator = Optional.empty();
        Optional<String> name = Optional.empty();
        for (Actor actor : life.actors()) {
            Optional<Conversation> conversation = actor.conversation(groupId);
            if (!epoch.members().contains(actor.id())) {
                if (conversation.isPresent() && conversation.get().view().status() != ConversationStatus.REMOVED) {
                    throw new Violation(actor + " is no member and does not know it: "
                            + conversation.get().view().status());
                }
                continue;
            }
            if (conversation.isEmpty()) {
                throw new Violation(actor + " is a member and does not know it");
            }
            ConversationView view = conversation.get().view();
            if (view.status() == ConversationStatus.REMOVED && epoch.members().size() == 1) {
                // Left as the last member: there is nobody to tell, and the service is not told.
                continue;
            }
            if (view.status() != ConversationStatus.ACTIVE || view.epoch() != epoch.number()) {
                throw new Violation(actor + " is " + view.status() + " " + view.reason() + " in epoch " + view.epoch()
                        + " of " + epoch.number());
            }
            if (view.waiting() != 0) {
                throw new Violation(actor + " waits for ever for " + view.waiting() + " things");
            }
            Set<ClientId> roster =
                    view.members().stream().map(MemberInfo::client).collect(Collectors.toSet());
            if (!roster.equals(epoch.members())) {
                throw new Violation(actor + " sees the members " + roster + ", not " + epoch.members());
            }
            Optional<Bytes> own = conversation.get().epochAuthenticator();
            if (own.isEmpty() || authenticator.isPresent() && !authenticator.equals(own)) {
                throw new Violation(actor + " is in another epoch of this number");
            }
            if (name.isPresent() && !name.get().equals(view.name())) {
                throw new Violation(actor + " calls the conversation " + view.name() + ", not " + name.get());
            }
            authenticator = own;
            name = Optional.of(view.name());
        }
    }

    // ---- what was read

    private static List<HistoryEntry> lines(Conversation conversation) {
        return conversation.history(0, Integer.MAX_VALUE);
    }

    /** The messages of all histories by their places in the log, which must be the same everywhere. */
    private Map<Long, HistoryEntry.Message> messages(Bytes groupId) {
        Map<Long, HistoryEntry.Message> out = new TreeMap<>();
        for (Actor actor : life.actors()) {
            Optional<Conversation> conversation = actor.conversation(groupId);
            if (conversation.isEmpty()) {
                continue;
            }
            Set<MessageId> own = new HashSet<>();
            for (HistoryEntry line : lines(conversation.get())) {
                if (line instanceof HistoryEntry.Message message) {
                    // What waited in an old copy of a store is said again, maybe too late to be known for the same.
                    if (!own.add(message.payload().id()) && !hasForgotten(message.sender())) {
                        throw new Violation(actor + " has a message twice: " + text(message));
                    }
                    HistoryEntry.Message other = out.putIfAbsent(message.place().seq(), message);
                    if (other != null && !isSame(other, message)) {
                        throw new Violation(actor + " reads at one place " + text(message) + ", others " + text(other));
                    }
                }
            }
        }
        return out;
    }

    private boolean hasForgotten(ClientId client) {
        return life.actors().stream().anyMatch(actor -> actor.id().equals(client) && actor.hasForgotten());
    }

    private static boolean isSame(HistoryEntry.Message one, HistoryEntry.Message other) {
        return one.payload().equals(other.payload())
                && one.sender().equals(other.sender())
                && one.place().epoch() == other.place().epoch();
    }

    private static String text(HistoryEntry.Message message) {
        return message.place().seq() + " " + message.payload().text().orElse("?");
    }

    /** Whoever was a member of a message's epoch, and could follow, has it; nobody else has. */
    private void history(
            Actor actor, Conversation conversation, GroupLedger.Course course, Map<Long, HistoryEntry.Message> log) {
        List<HistoryEntry> lines = lines(conversation);
        Map<MessageId, Long> read = new HashMap<>();
        for (HistoryEntry line : lines) {
            if (line instanceof HistoryEntry.Message message) {
                read.put(message.payload().id(), message.place().seq());
                if (!course.isMember(actor.id(), message.place().epoch())) {
                    throw new Violation(actor + " reads what is not for it: " + text(message));
                }
            } else if (line instanceof HistoryEntry.Joined joined
                    && joined.how() == HistoryEntry.Joined.Way.REJOINED
                    && !actor.hasForgotten()) {
                throw new Violation(actor + " rejoined without having lost anything");
            }
        }
        ConversationView view = conversation.view();
        log.forEach((seq, message) -> {
            // Who is removed while it cannot follow learns only that.
            boolean gone = view.status() == ConversationStatus.REMOVED && actor.hasForgotten() && seq >= view.cursor();
            boolean entitled = !gone
                    && course.isMember(actor.id(), message.place().epoch())
                    && follows(actor.id(), lines, message);
            if (entitled && !read.containsKey(message.payload().id())) {
                throw new Violation(actor + " misses " + text(message) + "; it stands at " + view.cursor() + " and has "
                        + lines.stream().map(Judge::brief).collect(Collectors.joining(", ")));
            }
        });
    }

    private static String brief(HistoryEntry line) {
        return line.place().seq()
                + (line instanceof HistoryEntry.Message message
                        ? " " + message.payload().text().orElse("?")
                        : " " + line.getClass().getSimpleName());
    }

    /** Whether the client followed the log at a message: it had come in, in that epoch or before, and had lost nothing there. */
    private static boolean follows(ClientId self, List<HistoryEntry> lines, HistoryEntry.Message message) {
        long seq = message.place().seq();
        boolean in = false;
        for (HistoryEntry line : lines) {
            long place = line.place().seq();
            if (line instanceof HistoryEntry.Joined joined) {
                if (joined.missedFrom() > 0 && joined.missedFrom() <= seq && seq < place) {
                    return false;
                }
                in = place <= seq ? joined.place().epoch() <= message.place().epoch() : in;
            } else if (line instanceof HistoryEntry.Change change && place <= seq) {
                in = in && !change.removed().contains(self) && !change.left().contains(self);
            }
        }
        return in;
    }

    // ---- what was promised

    private void promises(Bytes groupId, GroupLedger.Course course, Map<Long, HistoryEntry.Message> log) {
        Set<MessageId> there =
                log.values().stream().map(message -> message.payload().id()).collect(Collectors.toSet());
        for (Users.Said said : life.users().said()) {
            if (!said.groupId().equals(groupId)) {
                continue;
            }
            boolean isThere = there.contains(said.id());
            switch (said.promise()) {
                case CANCELLED -> {
                    if (isThere && !said.sender().hasForgotten()) {
                        throw new Violation("was taken back and is there: " + said.text());
                    }
                }
                case DONE -> {
                    if (!isThere && !nobodyLeftToTell(said, course)) {
                        throw new Violation("was acknowledged and is nowhere: " + said.text());
                    }
                }
                case KEPT -> {
                    boolean excused = said.sender().hasForgottenSince(said.tick())
                            || course.wasOutSince(said.sender().id(), said.epoch())
                            || hasLeft(said);
                    if (!isThere && !excused) {
                        throw new Violation("was kept and is nowhere: " + said.text());
                    }
                }
                default -> throw new AssertionError(said.promise());
            }
        }
    }

    private static boolean hasLeft(Users.Said said) {
        return said.sender()
                .conversation(said.groupId())
                .map(conversation -> conversation.view().status() == ConversationStatus.REMOVED)
                .orElse(false);
    }

    /** Whoever could have read it has lost its store, its sender since then. */
    private boolean nobodyLeftToTell(Users.Said said, GroupLedger.Course course) {
        return said.sender().hasForgottenSince(said.tick())
                && life.actors().stream()
                        .noneMatch(actor -> !actor.hasForgotten() && !course.wasOutSince(actor.id(), said.epoch()));
    }
}
