package org.coppice.cli.conversation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.client.model.MemberInfo;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** How the members of one conversation are shown: by user, and by device where a user has several. */
public final class People {
    /** Stands behind the name of somebody whose keys were not compared, and who has no certificate either. */
    public static final String UNKNOWN = "?";

    /** Stands behind the name of somebody whose certificate is revoked. */
    public static final String REVOKED = "✗";

    private final Map<ClientId, MemberInfo> members = new HashMap<>();
    private final Map<UserName, Integer> devices = new HashMap<>();

    /** The members of a conversation. */
    public People(List<MemberInfo> present) {
        for (MemberInfo member : present) {
            members.put(member.client(), member);
            devices.merge(member.client().user(), 1, Integer::sum);
        }
    }

    /** A name, without a mark. */
    public String name(ClientId client) {
        return devices.getOrDefault(client.user(), 1) > 1
                ? client.toString()
                : client.user().toString();
    }

    /** Whether the keys of a client were compared; of one that is no member, it is not known. */
    public boolean isVerified(ClientId client) {
        return members.containsKey(client) && members.get(client).verified();
    }

    /** Whether a client has a certificate; of one that is no member, it is not known. */
    public boolean isCertified(ClientId client) {
        return members.containsKey(client) && members.get(client).certified();
    }

    /** Whether there is more to the name of a client than its own word. */
    public boolean isKnown(ClientId client) {
        return members.containsKey(client) && members.get(client).isKnown();
    }

    /** Whether the certificate of a client is revoked; of one that is no member, it is not known. */
    public boolean isRevoked(ClientId client) {
        return members.containsKey(client) && members.get(client).revoked();
    }

    /** A name, marked if there is nothing to it but the client's own word, or if its certificate is revoked. */
    public String marked(ClientId client) {
        if (isRevoked(client)) {
            return name(client) + REVOKED;
        }
        return name(client) + (isKnown(client) ? "" : UNKNOWN);
    }

    /** Names of clients. */
    public String names(List<ClientId> clients) {
        return String.join(", ", clients.stream().map(this::name).distinct().toList());
    }
}
