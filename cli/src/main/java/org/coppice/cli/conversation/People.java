package org.coppice.cli.conversation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.client.model.MemberInfo;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** How the members of one conversation are shown: by user, and by device where a user has several. */
public final class People {
    /** Stands behind the name of somebody whose keys were not compared. */
    public static final String UNVERIFIED = "?";

    private final Map<ClientId, Boolean> verified = new HashMap<>();
    private final Map<UserName, Integer> devices = new HashMap<>();

    /** The members of a conversation. */
    public People(List<MemberInfo> members) {
        for (MemberInfo member : members) {
            verified.put(member.client(), member.verified());
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
        return verified.getOrDefault(client, false);
    }

    /** A name, marked if its keys were not compared. */
    public String marked(ClientId client) {
        return name(client) + (isVerified(client) ? "" : UNVERIFIED);
    }

    /** Names of clients. */
    public String names(List<ClientId> clients) {
        return String.join(", ", clients.stream().map(this::name).distinct().toList());
    }
}
