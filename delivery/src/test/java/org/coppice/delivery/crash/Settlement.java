package org.coppice.delivery.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.history.History;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/**
 * After the last kill: what the service holds is read, every write without an answer is sent once more, every key package that is left is
 * claimed, and it is read again, so that all can be judged.
 */
final class Settlement {
    private final Engine engine;
    private final DeliveryService service;
    private final Path journals;

    private record Id(ClientId client, RequestId request) {}

    Settlement(Engine engine, DeliveryService service, Path journals) {
        this.engine = engine;
        this.service = service;
        this.journals = journals;
    }

    /** What there is before anything is asked again, which would do a write that was lost once more, perhaps at its old place. */
    History asFound() throws Exception {
        return read(Journal.readAll(journals));
    }

    History settle() throws Exception {
        try (Journal journal = new Journal(journals.resolve("settlement.journal"))) {
            List<Journal.Line> lines = Journal.readAll(journals);
            askAgain(new Asking(journal), lines);
            for (ClientId client : clients(lines)) {
                drain(new Asking(journal), client);
            }
        }
        return read(Journal.readAll(journals));
    }

    private static Set<ClientId> clients(List<Journal.Line> lines) {
        Set<ClientId> out = new TreeSet<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Asked asked) {
                out.add(asked.client());
            }
        }
        return out;
    }

    private void askAgain(Asking asking, List<Journal.Line> lines) throws Exception {
        Map<Id, Journal.Asked> open = new LinkedHashMap<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Asked asked) {
                open.put(new Id(asked.client(), asked.request()), asked);
            }
        }
        List<Journal.Asked> answered = new ArrayList<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Answered answer) {
                Journal.Asked asked = open.remove(new Id(answer.client(), answer.request()));
                if (answer.outcome().isPresent() && asked != null) {
                    answered.add(asked);
                }
            }
        }
        // Of those that have an answer some are repeated, to see that they get the same one.
        List<Journal.Asked> again = new ArrayList<>(open.values());
        again.addAll(answered.subList(Math.max(0, answered.size() - 100), answered.size()));
        for (Journal.Asked asked : again) {
            try {
                asking.askAgain(service.session(asked.client()), asked.request(), asked.kind(), asked.body());
            } catch (DeliveryException e) {
                // Refused, which is an answer too.
                continue;
            }
        }
    }

    /** Claims all that is left: had something been claimed before, it would be given out twice now. */
    private void drain(Asking asking, ClientId client) throws Exception {
        DeliverySession session = service.session(client);
        while (session.keyPackageStock().of(Device.SUITE).ordinary() > 0) {
            asking.ask(session, Device.request(), Journal.Kind.CLAIM, ClaimRequest.of(client, Device.SUITE));
        }
    }

    private History read(List<Journal.Line> lines) throws Exception {
        Set<ClientId> clients = clients(lines);
        List<History.Fetched> welcomes = new ArrayList<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Welcomed welcomed) {
                welcomes.add(new History.Fetched(welcomed.client(), welcomed.entry()));
            }
        }
        for (ClientId client : clients) {
            readInbox(client, welcomes);
        }
        List<History.Answer> answers = answers(lines);
        List<History.Info> infos = new ArrayList<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Informed one) {
                infos.add(new History.Info(one.client(), one.groupId(), one.epoch(), one.known()));
            }
        }
        return new History(answers, groups(clients, confirmed(answers), infos), welcomes, infos);
    }

    /** The last entry of each group that somebody was told of. */
    private static Map<Bytes, Long> confirmed(List<History.Answer> answers) {
        Map<Bytes, Long> out = new HashMap<>();
        for (History.Answer answer : answers) {
            if (answer.operation() instanceof History.Append append
                    && answer.outcome().isPresent()
                    && answer.outcome().get() instanceof Outcome.OfAppend done) {
                out.merge(append.groupId(), done.appended().seq(), Math::max);
            }
        }
        return out;
    }

    private void readInbox(ClientId client, List<History.Fetched> welcomes) throws Exception {
        long after = 0;
        while (true) {
            List<InboxEntry> entries = service.session(client).inbox(after, 100, Duration.ZERO);
            if (entries.isEmpty()) {
                return;
            }
            for (InboxEntry entry : entries) {
                welcomes.add(new History.Fetched(client, entry));
                after = entry.seq();
            }
        }
    }

    private static List<History.Answer> answers(List<Journal.Line> lines) throws Exception {
        Map<Id, Journal.Asked> asked = new LinkedHashMap<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Asked one) {
                asked.put(new Id(one.client(), one.request()), one);
            }
        }
        List<History.Answer> out = new ArrayList<>();
        for (Journal.Line line : lines) {
            if (line instanceof Journal.Answered answer) {
                Journal.Asked one = asked.get(new Id(answer.client(), answer.request()));
                out.add(new History.Answer(answer.client(), answer.request(), operation(one), answer.outcome()));
            }
        }
        return out;
    }

    private static History.Operation operation(Journal.Asked asked) {
        return switch (asked.kind()) {
            case COMMIT -> commit(Asking.decode(asked.body(), CommitBundle::decode));
            case SEND -> append(Asking.decode(asked.body(), MlsMessage::decode), EntryKind.APPLICATION, List.of());
            case CLAIM -> new History.Claim();
            default -> new History.Other();
        };
    }

    private static History.Operation commit(CommitBundle bundle) {
        List<Bytes> welcomed = new ArrayList<>();
        if (bundle.welcome().isPresent()) {
            MlsMessage.Welcome body =
                    (MlsMessage.Welcome) bundle.welcome().get().body();
            body.welcome().secrets().forEach(secrets -> welcomed.add(secrets.newMember()));
        }
        return append(bundle.commit(), EntryKind.COMMIT, welcomed);
    }

    private static History.Append append(MlsMessage message, EntryKind kind, List<Bytes> welcomed) {
        return new History.Append(
                message.groupId().orElseThrow(), kind, Bytes.wrap(message.encoded()), List.copyOf(welcomed));
    }

    /** Reads all groups, and their GroupInfos into {@code infos}. */
    private List<History.GroupLog> groups(Set<ClientId> clients, Map<Bytes, Long> confirmed, List<History.Info> infos)
            throws Exception {
        Set<Bytes> seen = new HashSet<>();
        List<History.GroupLog> out = new ArrayList<>();
        for (ClientId client : clients) {
            DeliverySession session = service.session(client);
            for (GroupHead head : session.groups()) {
                // Only who was there from the beginning sees the whole log; each group's creator was.
                if (head.member() && head.from() == 1 && seen.add(head.groupId())) {
                    out.add(log(session, head));
                    long epoch = Client.epoch(session.groupInfo(head.groupId()));
                    infos.add(new History.Info(
                            client, head.groupId(), epoch, confirmed.getOrDefault(head.groupId(), 0L)));
                }
            }
        }
        List<Bytes> all = engine.read(tx -> tx.list("SELECT group_id FROM grp", row -> row.bytes(1)));
        if (!seen.containsAll(all)) {
            throw new AssertionError("a group's log was seen by nobody");
        }
        return out;
    }

    private static History.GroupLog log(DeliverySession session, GroupHead head) throws Exception {
        List<LogEntry> entries = new ArrayList<>();
        LogPage page;
        do {
            page = session.read(head.groupId(), entries.size(), 1000, Duration.ZERO);
            entries.addAll(page.entries());
        } while (!page.entries().isEmpty());
        return new History.GroupLog(head.groupId(), 0, page.epoch(), page.head(), entries);
    }

    /** How many answers of each kind there are, for a test that must not be satisfied by nothing. */
    static Map<String, Long> count(History history) {
        Map<String, Long> out = new LinkedHashMap<>();
        for (History.Answer answer : history.answers()) {
            Optional<Outcome> outcome = answer.outcome();
            String name = answer.operation() instanceof History.Append append
                    ? append.kind().name()
                    : answer.operation().getClass().getSimpleName();
            out.merge(name + (outcome.isPresent() ? "" : " refused"), 1L, Long::sum);
        }
        out.put("Welcome", (long) history.welcomes().size());
        out.put("GroupInfo", (long) history.infos().size());
        return out;
    }
}
