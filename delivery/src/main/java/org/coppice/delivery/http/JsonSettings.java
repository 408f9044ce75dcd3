package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.UserName;

/** The settings of a group as JSON. What a request leaves out is as in {@link GroupSettings#DEFAULT}. */
final class JsonSettings {
    private static final long MAX_UINT32 = 0xffff_ffffL;

    private JsonSettings() {}

    static ObjectNode write(GroupSettings settings) {
        ObjectNode out =
                Json.object().put("handshakes", settings.handshakes().name().toLowerCase(Locale.ROOT));
        write(settings.externalJoins(), out.putObject("externalJoins"));
        ObjectNode retention = out.putObject("retention");
        settings.retention().maxAge().ifPresent(age -> retention.put("maxAgeSeconds", age.getSeconds()));
        settings.retention().maxEntries().ifPresent(entries -> retention.put("maxEntries", entries));
        return out;
    }

    private static void write(ExternalJoinPolicy policy, ObjectNode out) {
        if (policy instanceof ExternalJoinPolicy.Users listed) {
            ArrayNode users = out.put("policy", "users").putArray("users");
            listed.users().forEach(user -> users.add(user.value()));
        } else if (policy.equals(ExternalJoinPolicy.NONE)) {
            out.put("policy", "none");
        } else if (policy.equals(ExternalJoinPolicy.RESYNC)) {
            out.put("policy", "resync");
        } else {
            out.put("policy", policy.equals(ExternalJoinPolicy.ANYONE) ? "anyone" : "members");
        }
    }

    static GroupSettings read(JsonObject in) throws DeliveryException {
        HandshakePolicy handshakes =
                in.optionalParsed("handshakes", JsonSettings::handshakes).orElse(GroupSettings.DEFAULT.handshakes());
        Optional<JsonObject> joins = in.optionalObject("externalJoins");
        Optional<JsonObject> retention = in.optionalObject("retention");
        GroupSettings out = new GroupSettings(
                handshakes,
                joins.isPresent() ? joins(joins.get()) : GroupSettings.DEFAULT.externalJoins(),
                retention.isPresent() ? retention(retention.get()) : Retention.OF_SERVICE);
        in.end();
        return out;
    }

    private static HandshakePolicy handshakes(String text) {
        return switch (text) {
            case "public" -> HandshakePolicy.PUBLIC;
            case "private" -> HandshakePolicy.PRIVATE;
            default -> throw new IllegalArgumentException("public or private");
        };
    }

    private static ExternalJoinPolicy joins(JsonObject in) throws DeliveryException {
        String policy = in.text("policy");
        List<UserName> users = in.parsedList("users", UserName::new);
        in.end();
        if (users.size() > ExternalJoinPolicy.MAX_USERS || !users.isEmpty() && !policy.equals("users")) {
            throw in.wrong(
                    "users", "has more than " + ExternalJoinPolicy.MAX_USERS + " users, or belongs to another policy");
        }
        return switch (policy) {
            case "none" -> ExternalJoinPolicy.NONE;
            case "resync" -> ExternalJoinPolicy.RESYNC;
            case "members" -> ExternalJoinPolicy.MEMBERS;
            case "users" -> new ExternalJoinPolicy.Users(users);
            case "anyone" -> ExternalJoinPolicy.ANYONE;
            default -> throw in.wrong("policy", "is none of: none, resync, members, users, anyone");
        };
    }

    private static Retention retention(JsonObject in) throws DeliveryException {
        Retention out = new Retention(
                in.optionalNumber("maxAgeSeconds", 1, MAX_UINT32).map(Duration::ofSeconds),
                in.optionalNumber("maxEntries", 1, MAX_UINT32));
        in.end();
        return out;
    }
}
