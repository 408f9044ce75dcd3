package org.coppice.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.framing.MlsMessage;

/**
 * The values of the contract as JSON. Bytes are base64, group ids base64url without padding. Readers throw {@link IOException} for what
 * is not of the contract.
 */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return Answer.JSON.createObjectNode();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String base64(Bytes bytes) {
        return base64(bytes.toByteArray());
    }

    static String groupId(Bytes groupId) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(groupId.toByteArray());
    }

    // ---- fields

    private static JsonNode field(JsonNode in, String name) throws IOException {
        JsonNode out = in.get(name);
        if (out == null || out.isNull()) {
            throw Answer.wrong("lacks \"" + name + "\"");
        }
        return out;
    }

    static String text(JsonNode in, String name) throws IOException {
        JsonNode out = field(in, name);
        if (!out.isTextual()) {
            throw Answer.wrong("has no text as \"" + name + "\"");
        }
        return out.asText();
    }

    /** A number of at most 63 bits. */
    static long number(JsonNode in, String name) throws IOException {
        JsonNode out = field(in, name);
        if (!out.canConvertToLong() || out.asLong() < 0) {
            throw Answer.wrong("has no such number as \"" + name + "\" is");
        }
        return out.asLong();
    }

    /** A number; the greatest integer stands for all above. */
    private static int integer(JsonNode in, String name) throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, number(in, name));
    }

    /** A number of at most 64 bits. */
    static long unsigned(JsonNode in, String name) throws IOException {
        JsonNode out = field(in, name);
        if (!out.isIntegralNumber()
                || out.bigIntegerValue().signum() < 0
                || out.bigIntegerValue().bitLength() > 64) {
            throw Answer.wrong("has no such number as \"" + name + "\" is");
        }
        return out.bigIntegerValue().longValue();
    }

    private static boolean flag(JsonNode in, String name) throws IOException {
        return field(in, name).asBoolean();
    }

    static Bytes bytes(JsonNode in, String name) throws IOException {
        return bytes(text(in, name), Base64.getDecoder());
    }

    private static Bytes bytes(String text, Base64.Decoder decoder) throws IOException {
        try {
            return Bytes.wrap(decoder.decode(text));
        } catch (IllegalArgumentException e) {
            throw Answer.wrong("has something that is no base64");
        }
    }

    private static MlsMessage message(JsonNode in, String name) throws IOException {
        return Answer.decoded(bytes(in, name), MlsMessage::decode);
    }

    private static ClientId client(String text) throws IOException {
        try {
            return ClientId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Answer.wrong("names a client that cannot be");
        }
    }

    /** Reads one element of an array. */
    @FunctionalInterface
    private interface Element<T> {
        T read(JsonNode in) throws IOException;
    }

    private static <T> List<T> list(JsonNode in, String name, Element<T> element) throws IOException {
        List<T> out = new ArrayList<>();
        for (JsonNode entry : field(in, name)) {
            out.add(element.read(entry));
        }
        return out;
    }

    // ---- answers

    static Appended appended(JsonNode in) throws IOException {
        return new Appended(
                number(in, "seq"),
                unsigned(in, "epoch"),
                list(in, "unroutedWelcomes", ref -> new KeyPackageRef(bytes(ref.asText(), Base64.getDecoder()))),
                flag(in, "repeated"));
    }

    static Stock stock(JsonNode in) throws IOException {
        return new Stock(list(
                in,
                "suites",
                suite -> new Stock.OfSuite(
                        new CipherSuite(integer(suite, "cipherSuite")),
                        integer(suite, "ordinary"),
                        suite.hasNonNull("lastResort")
                                ? Optional.of(lastResort(suite.get("lastResort")))
                                : Optional.empty())));
    }

    private static Stock.LastResort lastResort(JsonNode in) throws IOException {
        return new Stock.LastResort(number(in, "publishedMillis"), number(in, "uses"));
    }

    static ClaimResult claim(JsonNode in) throws IOException {
        return new ClaimResult(
                list(
                        in,
                        "claimed",
                        one -> new ClaimResult.Claimed(
                                client(text(one, "client")), message(one, "keyPackage"), flag(one, "lastResort"))),
                list(in, "without", one -> client(one.asText())));
    }

    static List<ClientId> clients(JsonNode in) throws IOException {
        return list(in, "clients", one -> client(one.asText()));
    }

    static List<GroupHead> groups(JsonNode in) throws IOException {
        return list(
                in,
                "groups",
                one -> new GroupHead(
                        bytes(text(one, "groupId"), Base64.getUrlDecoder()),
                        unsigned(one, "epoch"),
                        number(one, "head"),
                        number(one, "from"),
                        flag(one, "member")));
    }

    static List<InboxEntry> inbox(JsonNode in) throws IOException {
        return list(
                in,
                "entries",
                one -> new InboxEntry(
                        number(one, "seq"),
                        bytes(text(one, "groupId"), Base64.getUrlDecoder()),
                        number(one, "logSeq"),
                        unsigned(one, "epoch"),
                        number(one, "timeMillis"),
                        message(one, "welcome")));
    }

    static Outcome outcome(JsonNode in) throws IOException {
        return switch (text(in, "kind")) {
            case "append" -> new Outcome.OfAppend(appended(field(in, "appended")));
            case "claim" -> new Outcome.OfClaim(claim(field(in, "claim")));
            case "publication" -> new Outcome.OfPublication(stock(field(in, "stock")));
            case "done" -> Outcome.DONE;
            default -> throw Answer.wrong("is an outcome of unknown kind");
        };
    }

    /** The group that an event is about. */
    static Bytes eventGroup(JsonNode in) throws IOException {
        return bytes(text(in, "groupId"), Base64.getUrlDecoder());
    }

    static GroupSettings settings(JsonNode in) throws IOException {
        JsonNode retention = field(in, "retention");
        try {
            return new GroupSettings(
                    HandshakePolicy.valueOf(text(in, "handshakes").toUpperCase(Locale.ROOT)),
                    joins(field(in, "externalJoins")),
                    new Retention(
                            retention.hasNonNull("maxAgeSeconds")
                                    ? Optional.of(java.time.Duration.ofSeconds(number(retention, "maxAgeSeconds")))
                                    : Optional.empty(),
                            retention.hasNonNull("maxEntries")
                                    ? Optional.of(number(retention, "maxEntries"))
                                    : Optional.empty()));
        } catch (IllegalArgumentException e) {
            throw Answer.wrong("has settings that cannot be");
        }
    }

    private static ExternalJoinPolicy joins(JsonNode in) throws IOException {
        return switch (text(in, "policy")) {
            case "none" -> ExternalJoinPolicy.NONE;
            case "resync" -> ExternalJoinPolicy.RESYNC;
            case "members" -> ExternalJoinPolicy.MEMBERS;
            case "users" -> new ExternalJoinPolicy.Users(list(in, "users", user -> new UserName(user.asText())));
            case "anyone" -> ExternalJoinPolicy.ANYONE;
            default -> throw Answer.wrong("has an unknown policy");
        };
    }

    // ---- requests

    static ObjectNode of(GroupSettings settings) {
        ObjectNode out = object().put("handshakes", settings.handshakes().name().toLowerCase(Locale.ROOT));
        ObjectNode joins = out.putObject("externalJoins");
        if (settings.externalJoins() instanceof ExternalJoinPolicy.Users listed) {
            ArrayNode users = joins.put("policy", "users").putArray("users");
            listed.users().forEach(user -> users.add(user.value()));
        } else if (settings.externalJoins() instanceof ExternalJoinPolicy.None) {
            joins.put("policy", "none");
        } else if (settings.externalJoins() instanceof ExternalJoinPolicy.Resync) {
            joins.put("policy", "resync");
        } else {
            boolean anyone = settings.externalJoins() instanceof ExternalJoinPolicy.Anyone;
            joins.put("policy", anyone ? "anyone" : "members");
        }
        ObjectNode retention = out.putObject("retention");
        settings.retention().maxAge().ifPresent(age -> retention.put("maxAgeSeconds", age.getSeconds()));
        settings.retention().maxEntries().ifPresent(entries -> retention.put("maxEntries", entries));
        return out;
    }

    static ObjectNode of(ClaimRequest request) {
        ObjectNode out = object();
        if (request.target() instanceof ClaimRequest.OfUser of) {
            out.put("user", of.user().value());
        } else {
            out.put(
                    "client",
                    ((ClaimRequest.OfClient) request.target()).client().toString());
        }
        out.put("cipherSuite", request.cipherSuite().value());
        ObjectNode required = out.putObject("required");
        ArrayNode extensions = required.putArray("extensions");
        request.required().extensionTypes().forEach(type -> extensions.add(type.value()));
        ArrayNode proposals = required.putArray("proposals");
        request.required().proposalTypes().forEach(type -> proposals.add(type.value()));
        ArrayNode credentials = required.putArray("credentials");
        request.required().credentialTypes().forEach(type -> credentials.add(type.value()));
        ArrayNode understood = out.putArray("understood");
        request.understood().forEach(type -> understood.add(type.value()));
        return out;
    }

    static ObjectNode of(Consent consent) {
        return object().put("challenge", base64(consent.challenge())).put("consent", base64(consent.signature()));
    }

    static ObjectNode of(Voucher voucher) {
        return of(voucher.consent()).put("client", voucher.sponsor().toString());
    }

    static ObjectNode of(RegisteredCredential credential) {
        return object().put("cipherSuite", credential.cipherSuite().value())
                .put("credential", base64(credential.credential().encoded()))
                .put("signatureKey", base64(credential.signatureKey().data()));
    }
}
