package org.coppice.cli.conversation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;

/** Changes of a conversation as people ask for them, by names. */
public final class Changes {
    private static final long LEAVE_PAUSE_MILLIS = 200;

    private Changes() {}

    /** Options of a new conversation with a name. */
    public static ConversationOptions named(String name) {
        if (name.isBlank()) {
            throw CommandFailure.usage("a conversation needs a name", "names are like garden");
        }
        try {
            return ConversationOptions.named(name);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("no name of a conversation: " + e.getMessage(), "choose a shorter one");
        }
    }

    /** Invites users, and single devices named {@code USER/DEVICE}. A name that nobody has is told before all others go in vain. */
    public static Receipt invite(CoppiceClient client, Conversation conversation, List<String> names) {
        List<ClientId> clients =
                names.stream().flatMap(name -> Lookup.client(name).stream()).toList();
        List<UserName> users = requireKnown(client, names);
        return conversation.invite(users, clients);
    }

    /** The users among names, single devices aside; fails if the server knows nobody of a name. */
    public static List<UserName> requireKnown(CoppiceClient client, List<String> names) {
        List<UserName> users = names.stream()
                .filter(name -> Lookup.client(name).isEmpty())
                .map(Lookup::user)
                .toList();
        for (UserName user : users) {
            if (isUnknown(client, user)) {
                throw CommandFailure.check(
                        "the server knows nobody called " + user,
                        "names are given with: coppice account new --name " + user);
            }
        }
        return users;
    }

    private static boolean isUnknown(CoppiceClient client, UserName user) {
        try {
            return client.clientsOf(user).isEmpty();
        } catch (DeliveryException e) {
            return e.kind() == ProblemKind.UNKNOWN_CLIENT;
        } catch (IOException e) {
            // The invitation is kept until the server can be asked.
            return false;
        }
    }

    /**
     * Removes users, and single devices. Somebody who is no member is most likely mistyped: that fails.
     *
     * @param hint how to see who is
     */
    public static Receipt remove(Conversation conversation, List<String> names, String hint) {
        List<ClientId> clients = new ArrayList<>();
        for (String name : names) {
            Optional<ClientId> one = Lookup.client(name);
            UserName user = one.map(ClientId::user).orElseGet(() -> Lookup.user(name));
            List<MemberInfo> meant = conversation.members().stream()
                    .filter(member -> one.map(member.client()::equals)
                            .orElseGet(() -> member.client().user().equals(user)))
                    .toList();
            if (meant.isEmpty()) {
                throw CommandFailure.input(name + " is no member of " + Lookup.title(conversation), hint);
            }
            if (meant.stream().anyMatch(MemberInfo::self)) {
                throw CommandFailure.usage(
                        "you cannot remove yourself", "leave instead: /leave, or coppice group leave");
            }
            meant.forEach(member -> clients.add(member.client()));
        }
        return conversation.remove(clients);
    }

    /** Gives it another name. */
    public static Receipt rename(Conversation conversation, String name) {
        return conversation.rename(named(name).name());
    }

    /** Asks to leave, and waits until a member has committed that, or for {@code patience}. */
    public static Receipt leave(Conversation conversation, Duration patience) {
        if (conversation.members().size() == 1) {
            throw CommandFailure.check(
                    "nobody else is in " + Lookup.title(conversation), "there is nobody who could let you go");
        }
        Receipt receipt = conversation.leave();
        long end = System.nanoTime() + patience.toNanos();
        while (receipt.state() == Receipt.State.WAITING && System.nanoTime() < end) {
            try {
                Thread.sleep(LEAVE_PAUSE_MILLIS);
                conversation.sync();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return receipt;
            } catch (DeliveryException | IOException e) {
                return receipt;
            }
            if (conversation.view().status() == ConversationStatus.REMOVED) {
                return new Receipt(receipt.number(), Receipt.State.DONE, Optional.empty(), Optional.empty(), List.of());
            }
        }
        return receipt;
    }
}
