package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.Stock;
import org.coppice.mls.codec.Bytes;

/** The values of the contract as JSON. Bytes are base64, group ids base64url without padding, as in paths. */
final class JsonValues {
    private JsonValues() {}

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String base64(Bytes bytes) {
        return base64(bytes.toByteArray());
    }

    static String groupId(Bytes groupId) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(groupId.toByteArray());
    }

    static ObjectNode of(Appended appended) {
        ObjectNode out = Json.object().put("seq", appended.seq()).put("epoch", Json.unsigned(appended.epoch()));
        ArrayNode refs = out.putArray("unroutedWelcomes");
        for (KeyPackageRef ref : appended.unroutedWelcomes()) {
            refs.add(base64(ref.value()));
        }
        return out.put("repeated", appended.repeated());
    }

    static ObjectNode of(Stock stock) {
        ObjectNode out = Json.object();
        ArrayNode suites = out.putArray("suites");
        for (Stock.OfSuite suite : stock.suites()) {
            ObjectNode entry = suites.addObject()
                    .put("cipherSuite", suite.cipherSuite().value())
                    .put("ordinary", suite.ordinary());
            suite.lastResort()
                    .ifPresent(last -> entry.putObject("lastResort")
                            .put("publishedMillis", last.publishedMillis())
                            .put("uses", last.uses()));
        }
        return out;
    }

    static ObjectNode of(ClaimResult result) {
        ObjectNode out = Json.object();
        ArrayNode claimed = out.putArray("claimed");
        for (ClaimResult.Claimed one : result.claimed()) {
            claimed.addObject()
                    .put("client", one.client().toString())
                    .put("keyPackage", base64(one.keyPackage().encoded()))
                    .put("lastResort", one.lastResort());
        }
        ArrayNode without = out.putArray("without");
        result.without().forEach(client -> without.add(client.toString()));
        return out;
    }

    static ObjectNode clients(List<ClientId> clients) {
        ObjectNode out = Json.object();
        ArrayNode list = out.putArray("clients");
        clients.forEach(client -> list.add(client.toString()));
        return out;
    }

    static ObjectNode groups(List<GroupHead> groups) {
        ObjectNode out = Json.object();
        ArrayNode list = out.putArray("groups");
        for (GroupHead group : groups) {
            list.addObject()
                    .put("groupId", groupId(group.groupId()))
                    .put("epoch", Json.unsigned(group.epoch()))
                    .put("head", group.head())
                    .put("from", group.from())
                    .put("member", group.member());
        }
        return out;
    }

    static ObjectNode of(LogPage page) {
        ObjectNode out = Json.object().put("head", page.head()).put("epoch", Json.unsigned(page.epoch()));
        ArrayNode entries = out.putArray("entries");
        for (LogEntry entry : page.entries()) {
            entries.addObject()
                    .put("seq", entry.seq())
                    .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
                    .put("epoch", Json.unsigned(entry.epoch()))
                    .put("timeMillis", entry.timeMillis())
                    .put("message", base64(entry.message()));
        }
        return out;
    }

    static ObjectNode inbox(List<InboxEntry> entries) {
        ObjectNode out = Json.object();
        ArrayNode list = out.putArray("entries");
        for (InboxEntry entry : entries) {
            list.addObject()
                    .put("seq", entry.seq())
                    .put("groupId", groupId(entry.groupId()))
                    .put("logSeq", entry.logSeq())
                    .put("epoch", Json.unsigned(entry.epoch()))
                    .put("timeMillis", entry.timeMillis())
                    .put("welcome", base64(entry.welcome().encoded()));
        }
        return out;
    }

    static ObjectNode of(Outcome outcome) {
        ObjectNode out = Json.object();
        if (outcome instanceof Outcome.OfAppend append) {
            out.put("kind", "append").set("appended", of(append.appended()));
        } else if (outcome instanceof Outcome.OfClaim claim) {
            out.put("kind", "claim").set("claim", of(claim.result()));
        } else if (outcome instanceof Outcome.OfPublication publication) {
            out.put("kind", "publication").set("stock", of(publication.stock()));
        } else {
            out.put("kind", "done");
        }
        return out;
    }

    static ObjectNode of(Backend.Challenge challenge) {
        return Json.object()
                .put("challenge", base64(challenge.challenge()))
                .put("audience", challenge.audience())
                .put("expires", challenge.expiresMillis());
    }

    static ObjectNode of(Backend.Grant grant) {
        return Json.object().put("token", grant.token()).put("expires", grant.expiresMillis());
    }

    static ObjectNode of(Problem problem, int status, String type, String title) {
        ObjectNode out = Json.object()
                .put("type", type)
                .put("title", title)
                .put("status", status)
                .put("detail", problem.detail());
        problem.rule().ifPresent(rule -> out.put("rule", rule));
        problem.epoch().ifPresent(epoch -> out.put("epoch", Json.unsigned(epoch)));
        problem.head().ifPresent(head -> out.put("head", head));
        problem.retryAfter().ifPresent(after -> out.put("retryAfter", Reply.seconds(after)));
        problem.offset().ifPresent(offset -> out.put("offset", offset));
        return out;
    }
}
