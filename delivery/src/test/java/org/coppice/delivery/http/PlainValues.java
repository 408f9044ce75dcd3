package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/** The values of the contract out of JSON, from {@code docs/openapi.yaml}. */
final class PlainValues {
    private PlainValues() {}

    static String groupId(Bytes id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.toByteArray());
    }

    static Bytes groupId(String text) {
        return Bytes.wrap(Base64.getUrlDecoder().decode(text));
    }

    static long unsigned(JsonNode number) {
        return number.bigIntegerValue().longValue();
    }

    static Bytes bytes(JsonNode base64) throws IOException {
        return Bytes.wrap(base64.binaryValue());
    }

    static <T> T decode(Decoder<T> decoder, byte[] bytes) throws IOException {
        try {
            return decoder.decodeAll(Bytes.wrap(bytes), MediaTypes.LIMITS);
        } catch (DecodeException e) {
            throw new IOException(e);
        }
    }

    static Appended appended(JsonNode node) throws IOException {
        List<KeyPackageRef> refs = new ArrayList<>();
        for (JsonNode ref : node.get("unroutedWelcomes")) {
            refs.add(new KeyPackageRef(bytes(ref)));
        }
        return new Appended(
                node.get("seq").asLong(),
                unsigned(node.get("epoch")),
                refs,
                node.get("repeated").asBoolean());
    }

    static Stock stock(JsonNode node) {
        List<Stock.OfSuite> suites = new ArrayList<>();
        for (JsonNode suite : node.get("suites")) {
            suites.add(new Stock.OfSuite(
                    new CipherSuite(suite.get("cipherSuite").asInt()),
                    suite.get("ordinary").asInt(),
                    Optional.ofNullable(suite.get("lastResort"))
                            .map(last -> new Stock.LastResort(
                                    last.get("publishedMillis").asLong(),
                                    last.get("uses").asLong()))));
        }
        return new Stock(suites);
    }

    static List<ClientId> clients(JsonNode list) {
        List<ClientId> out = new ArrayList<>();
        list.forEach(client -> out.add(ClientId.parse(client.asText())));
        return out;
    }

    static ClaimResult claim(JsonNode node) throws IOException {
        List<ClaimResult.Claimed> claimed = new ArrayList<>();
        for (JsonNode one : node.get("claimed")) {
            claimed.add(new ClaimResult.Claimed(
                    ClientId.parse(one.get("client").asText()),
                    decode(MlsMessage::decode, one.get("keyPackage").binaryValue()),
                    one.get("lastResort").asBoolean()));
        }
        return new ClaimResult(claimed, clients(node.get("without")));
    }

    static List<InboxEntry> inbox(JsonNode node) throws IOException {
        List<InboxEntry> out = new ArrayList<>();
        for (JsonNode entry : node.get("entries")) {
            out.add(new InboxEntry(
                    entry.get("seq").asLong(),
                    groupId(entry.get("groupId").asText()),
                    entry.get("logSeq").asLong(),
                    unsigned(entry.get("epoch")),
                    entry.get("timeMillis").asLong(),
                    decode(MlsMessage::decode, entry.get("welcome").binaryValue())));
        }
        return out;
    }

    static Outcome outcome(JsonNode node) throws IOException {
        return switch (node.get("kind").asText()) {
            case "append" -> new Outcome.OfAppend(appended(node.get("appended")));
            case "claim" -> new Outcome.OfClaim(claim(node.get("claim")));
            case "publication" -> new Outcome.OfPublication(stock(node.get("stock")));
            case "done" -> Outcome.DONE;
            default -> throw new IOException(node.toString());
        };
    }

    static ObjectNode settings(ObjectNode out, GroupSettings settings) {
        out.put("handshakes", settings.handshakes() == HandshakePolicy.PUBLIC ? "public" : "private");
        ObjectNode joins = out.putObject("externalJoins");
        ExternalJoinPolicy policy = settings.externalJoins();
        if (policy instanceof ExternalJoinPolicy.Users users) {
            ArrayNode list = joins.put("policy", "users").putArray("users");
            users.users().forEach(user -> list.add(user.value()));
        } else {
            joins.put(
                    "policy",
                    policy.equals(ExternalJoinPolicy.NONE)
                            ? "none"
                            : policy.equals(ExternalJoinPolicy.RESYNC)
                                    ? "resync"
                                    : policy.equals(ExternalJoinPolicy.ANYONE) ? "anyone" : "members");
        }
        ObjectNode retention = out.putObject("retention");
        settings.retention().maxAge().ifPresent(age -> retention.put("maxAgeSeconds", age.getSeconds()));
        settings.retention().maxEntries().ifPresent(entries -> retention.put("maxEntries", entries));
        return out;
    }

    static GroupSettings settings(JsonNode node) {
        JsonNode joins = node.get("externalJoins");
        List<UserName> users = new ArrayList<>();
        joins.path("users").forEach(user -> users.add(new UserName(user.asText())));
        JsonNode retention = node.get("retention");
        return new GroupSettings(
                node.get("handshakes").asText().equals("public") ? HandshakePolicy.PUBLIC : HandshakePolicy.PRIVATE,
                switch (joins.get("policy").asText()) {
                    case "none" -> ExternalJoinPolicy.NONE;
                    case "resync" -> ExternalJoinPolicy.RESYNC;
                    case "anyone" -> ExternalJoinPolicy.ANYONE;
                    case "users" -> new ExternalJoinPolicy.Users(users);
                    default -> ExternalJoinPolicy.MEMBERS;
                },
                new Retention(
                        Optional.ofNullable(retention.get("maxAgeSeconds"))
                                .map(age -> Duration.ofSeconds(age.asLong())),
                        Optional.ofNullable(retention.get("maxEntries")).map(JsonNode::asLong)));
    }
}
