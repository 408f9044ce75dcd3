package org.coppice.cli.conversation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/** What programs read. Field names stay as they are; later releases add some. */
public final class HistoryJson {
    private HistoryJson() {}

    static ObjectNode object(String type, Bytes groupId) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("group", groupId.toHex());
    }

    /**
     * One line of history.
     *
     * @param self who reads
     * @param people the members
     */
    public static ObjectNode of(Bytes groupId, HistoryEntry entry, ClientId self, People people) {
        ObjectNode out;
        if (entry instanceof HistoryEntry.Message message) {
            out = object("message", groupId).put("sender", message.sender().toString());
            out.put("own", message.sender().equals(self));
            out.put("verified", message.sender().equals(self) || people.isVerified(message.sender()));
            out.put("certified", people.isCertified(message.sender()));
            out.put("revoked", people.isRevoked(message.sender()));
            out.put("id", message.payload().id().toString());
            message.payload()
                    .text()
                    .ifPresentOrElse(
                            text -> out.put("text", text),
                            () -> out.put("content_type", message.payload().contentType())
                                    .put(
                                            "body",
                                            Base64.getEncoder()
                                                    .encodeToString(message.payload()
                                                            .body()
                                                            .toByteArray())));
        } else if (entry instanceof HistoryEntry.Change change) {
            out = object("change", groupId).put("actor", change.actor().toString());
            names(out, "added", change.added());
            names(out, "removed", change.removed());
            names(out, "left", change.left());
            names(out, "rejoined", change.rejoined());
            names(out, "new_keys", change.newKeys());
            change.renamed().ifPresent(name -> out.put("renamed", name));
        } else if (entry instanceof HistoryEntry.Joined joined) {
            out = object("joined", groupId).put("how", joined.how().name().toLowerCase(Locale.ROOT));
            if (joined.missedFrom() != 0) {
                out.put("missed_from", joined.missedFrom());
            }
            if (!joined.newKeys().isEmpty()) {
                names(out, "new_keys", joined.newKeys());
                names(out, "compared_before", joined.comparedBefore());
            }
        } else if (entry instanceof HistoryEntry.TakenBack taken) {
            out = object("taken_back", groupId).put("from", taken.from());
        } else if (entry instanceof HistoryEntry.Unreadable unreadable) {
            out = object("unreadable", groupId).put("rule", unreadable.rule());
        } else {
            throw new AssertionError("a line of history of an unknown kind");
        }
        HistoryEntry.Place place = entry.place();
        out.put("seq", place.seq());
        out.put("epoch", unsigned(place.epoch()));
        out.put("time", Instant.ofEpochMilli(place.timeMillis()).toString());
        return out;
    }

    /** A conversation as it is now. */
    public static ObjectNode of(ConversationView view) {
        ObjectNode out = object("conversation", view.groupId())
                .put("name", view.name())
                .put("status", view.status().name().toLowerCase(Locale.ROOT))
                .put("epoch", unsigned(view.epoch()))
                .put("seq", view.cursor())
                .put("waiting", view.waiting());
        if (!view.reason().isEmpty()) {
            out.put("reason", view.reason());
        }
        var members = out.putArray("members");
        for (MemberInfo member : view.members()) {
            members.addObject()
                    .put("client", member.client().toString())
                    .put("verified", member.verified())
                    .put("certified", member.certified())
                    .put("revoked", member.revoked())
                    .put("own", member.self());
        }
        return out;
    }

    /** What became of something that was asked for. */
    public static ObjectNode of(Bytes groupId, Receipt receipt) {
        ObjectNode out = object("receipt", groupId)
                .put("number", receipt.number())
                .put("state", receipt.state().name().toLowerCase(Locale.ROOT));
        receipt.problem()
                .ifPresent(problem -> out.put("problem", problem.text())
                        .put("problem_kind", problem.kind().name().toLowerCase(Locale.ROOT)));
        receipt.messageId().ifPresent(id -> out.put("id", id.toString()));
        if (!receipt.without().isEmpty()) {
            names(out, "without", receipt.without());
        }
        return out;
    }

    private static void names(ObjectNode out, String field, List<ClientId> clients) {
        var list = out.putArray(field);
        clients.forEach(client -> list.add(client.toString()));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
