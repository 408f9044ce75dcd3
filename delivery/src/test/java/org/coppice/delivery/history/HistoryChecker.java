package org.coppice.delivery.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.delivery.history.History.Answer;
import org.coppice.delivery.history.History.Append;
import org.coppice.delivery.history.History.Fetched;
import org.coppice.delivery.history.History.GroupLog;
import org.coppice.delivery.history.History.Info;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/**
 * Judges what a delivery service did, whatever happened to it meanwhile: no confirmed write is lost or there twice, logs have no gap, an
 * epoch ends by one Commit, a Welcome has its Commit and a confirmed Commit its Welcomes, a key package is given out once, a repeated
 * request has one answer, and no reader gets a GroupInfo that is older than what it knows.
 */
public final class HistoryChecker {
    private final History history;
    private final Map<Bytes, GroupLog> groups;
    private final List<String> violations = new ArrayList<>();

    private HistoryChecker(History history) {
        this.history = history;
        this.groups = history.groupsById();
    }

    /** What is wrong with a history; nothing if all is well. */
    public static List<String> violations(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        history.groups().forEach(checker::checkLog);
        checker.checkAppends();
        checker.checkOneAnswerEach();
        checker.checkWelcomes();
        checker.checkClaims();
        checker.checkInfos();
        return List.copyOf(checker.violations);
    }

    private void checkLog(GroupLog group) {
        String name = "group " + group.groupId() + ": ";
        Map<Long, LogEntry> counting = new HashMap<>();
        Map<Bytes, Long> places = new HashMap<>();
        long epoch = group.firstEpoch();
        long expected = 1;
        for (LogEntry entry : group.entries()) {
            if (entry.seq() != expected) {
                violations.add(name + "entry " + entry.seq() + " where " + expected + " belongs");
            }
            expected = entry.seq() + 1;
            // No two messages are the same: each is encrypted or signed anew.
            Long before = places.putIfAbsent(entry.message(), entry.seq());
            if (before != null) {
                violations.add(name + "entry " + entry.seq() + " is entry " + before + " once more");
            }
            if (entry.kind() == EntryKind.COMMIT) {
                if (entry.epoch() != epoch) {
                    violations.add(name + "entry " + entry.seq() + " commits epoch " + entry.epoch() + " in " + epoch);
                }
                if (counting.put(entry.epoch(), entry) != null) {
                    violations.add(name + "epoch " + entry.epoch() + " has two Commits");
                }
                epoch = entry.epoch() + 1;
            } else if (entry.kind() == EntryKind.VOID) {
                LogEntry takenBack = counting.remove(entry.epoch());
                if (takenBack != null) {
                    places.remove(takenBack.message());
                }
                epoch = entry.epoch();
                checkVoid(name, group, entry);
            } else if (Long.compareUnsigned(entry.epoch(), epoch) > 0
                    || entry.kind() == EntryKind.PROPOSAL && entry.epoch() != epoch) {
                violations.add(name + "entry " + entry.seq() + " is of epoch " + entry.epoch() + " in " + epoch);
            }
        }
        if (group.head() != expected - 1) {
            violations.add(name + "the head is " + group.head() + ", the last entry " + (expected - 1));
        }
        if (group.epoch() != epoch) {
            violations.add(name + "the epoch is " + group.epoch() + ", by its Commits " + epoch);
        }
    }

    private void checkVoid(String name, GroupLog group, LogEntry entry) {
        Decoder<VoidedCommit> decoder = VoidedCommit::decode;
        try {
            long seq = decoder.decodeAll(entry.message(), DecodeLimits.DEFAULT).seq();
            boolean commit = group.entries().stream()
                    .anyMatch(other ->
                            other.seq() == seq && other.kind() == EntryKind.COMMIT && other.epoch() == entry.epoch());
            if (!commit) {
                violations.add(name + "entry " + entry.seq() + " takes back what is no Commit of its epoch");
            }
        } catch (DecodeException e) {
            violations.add(name + "entry " + entry.seq() + " cannot be read");
        }
    }

    private void checkAppends() {
        for (Answer answer : history.answers()) {
            Optional<Appended> appended = appended(answer);
            if (answer.operation() instanceof Append append && appended.isPresent()) {
                Optional<LogEntry> entry =
                        entry(append.groupId(), appended.get().seq());
                if (entry.isEmpty()) {
                    violations.add(
                            "lost: " + append.kind() + " at " + appended.get().seq() + " of group " + append.groupId());
                } else if (!entry.get().message().equals(append.message())
                        || entry.get().kind() != append.kind()) {
                    violations.add("another message at " + appended.get().seq() + " of group " + append.groupId());
                }
            }
        }
    }

    private static Optional<Appended> appended(Answer answer) {
        return answer.outcome()
                .filter(Outcome.OfAppend.class::isInstance)
                .map(outcome -> ((Outcome.OfAppend) outcome).appended());
    }

    private Optional<LogEntry> entry(Bytes groupId, long seq) {
        GroupLog group = groups.get(groupId);
        if (group == null || seq < 1 || seq > group.entries().size()) {
            return Optional.empty();
        }
        return Optional.of(group.entries().get((int) seq - 1));
    }

    private record Id(ClientId client, RequestId request) {}

    private void checkOneAnswerEach() {
        Map<Id, Outcome> first = new HashMap<>();
        Set<Id> refused = new HashSet<>();
        for (Answer answer : history.answers()) {
            Id id = new Id(answer.client(), answer.request());
            if (answer.outcome().isEmpty()) {
                refused.add(id);
            } else {
                Outcome outcome = once(answer.outcome().get());
                Outcome before = first.putIfAbsent(id, outcome);
                if (before != null && !before.equals(outcome)) {
                    violations.add("request " + answer.request() + " has two answers");
                }
            }
        }
        refused.retainAll(first.keySet());
        refused.forEach(id -> violations.add("request " + id.request() + " was refused and took effect"));
    }

    private static Outcome once(Outcome outcome) {
        return outcome instanceof Outcome.OfAppend append
                ? new Outcome.OfAppend(append.appended().asRepeated())
                : outcome;
    }

    private void checkWelcomes() {
        Set<Bytes> reached = new HashSet<>();
        for (Fetched fetched : history.welcomes()) {
            Optional<LogEntry> commit =
                    entry(fetched.entry().groupId(), fetched.entry().logSeq());
            if (commit.isEmpty()
                    || commit.get().kind() != EntryKind.COMMIT
                    || commit.get().epoch() + 1 != fetched.entry().epoch()) {
                violations.add("a Welcome without its Commit, for entry "
                        + fetched.entry().logSeq() + " of group "
                        + fetched.entry().groupId());
            }
            MlsMessage.Welcome body =
                    (MlsMessage.Welcome) fetched.entry().welcome().body();
            body.welcome().secrets().forEach(secrets -> reached.add(secrets.newMember()));
        }
        for (Answer answer : history.answers()) {
            if (answer.operation() instanceof Append append && appended(answer).isPresent()) {
                for (Bytes ref : append.welcomed()) {
                    if (!reached.contains(ref)) {
                        violations.add("a Commit without its Welcome, at "
                                + appended(answer).get().seq());
                    }
                }
            }
        }
    }

    /** Two answers to one request are the same claim. */
    private void checkClaims() {
        Map<MlsMessage, Id> given = new HashMap<>();
        for (Answer answer : history.answers()) {
            if (answer.outcome().isPresent() && answer.outcome().get() instanceof Outcome.OfClaim claim) {
                Id id = new Id(answer.client(), answer.request());
                for (ClaimResult.Claimed claimed : claim.result().claimed()) {
                    Id other = claimed.lastResort() ? null : given.putIfAbsent(claimed.keyPackage(), id);
                    if (other != null && !other.equals(id)) {
                        violations.add(
                                "a key package was given to requests " + other.request() + " and " + id.request());
                    }
                }
            }
        }
    }

    private record Reader(ClientId client, Bytes groupId) {}

    /** Going back is for a service to do that has taken Commits back, and it says so in the log. */
    private void checkInfos() {
        Map<Reader, Long> latest = new HashMap<>();
        for (Info info : history.infos()) {
            GroupLog group = groups.get(info.groupId());
            if (group == null) {
                violations.add("a GroupInfo of group " + info.groupId() + ", which there is not");
                continue;
            }
            Reader reader = new Reader(info.client(), info.groupId());
            long before = Math.max(epochAfter(group, info.known()), latest.getOrDefault(reader, group.firstEpoch()));
            if (info.epoch() < before && !isTakenBack(group, info.epoch(), before)) {
                violations.add("a GroupInfo of epoch " + info.epoch() + " of group " + info.groupId() + " for "
                        + info.client() + ", who was in " + before + " before");
            }
            if (info.epoch() > highest(group)) {
                violations.add("a GroupInfo of epoch " + info.epoch() + " of group " + info.groupId()
                        + ", which it never came to");
            }
            latest.put(reader, info.epoch());
        }
    }

    /** The epoch after an entry. */
    private static long epochAfter(GroupLog group, long seq) {
        long epoch = group.firstEpoch();
        for (LogEntry entry : group.entries()) {
            if (entry.seq() > seq) {
                break;
            }
            if (entry.kind() == EntryKind.COMMIT) {
                epoch = entry.epoch() + 1;
            } else if (entry.kind() == EntryKind.VOID) {
                epoch = entry.epoch();
            }
        }
        return epoch;
    }

    private static long highest(GroupLog group) {
        return group.entries().stream()
                .filter(entry -> entry.kind() == EntryKind.COMMIT)
                .mapToLong(entry -> entry.epoch() + 1)
                .max()
                .orElse(group.firstEpoch());
    }

    /** Whether all Commits from one epoch to another were taken back at some time. */
    private static boolean isTakenBack(GroupLog group, long from, long to) {
        Set<Long> left = new HashSet<>();
        for (LogEntry entry : group.entries()) {
            if (entry.kind() == EntryKind.VOID) {
                left.add(entry.epoch());
            }
        }
        return LongStream.range(from, to).allMatch(left::contains);
    }
}
