package org.coppice.cli.conversation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Texts;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** Finds what a person names. */
public final class Lookup {
    private static final int SHORT_ID = 8;
    private static final int MIN_ID = 4;

    private Lookup() {}

    /** The conversations, those that this client is in first, by name. */
    public static List<Conversation> sorted(CoppiceClient client) {
        return client.conversations().stream()
                .sorted(Comparator.comparing((Conversation conversation) -> {
                    ConversationView view = conversation.view();
                    return (isOpen(view) ? "0" : "1") + view.name() + " "
                            + view.groupId().toHex();
                }))
                .toList();
    }

    /** The conversation of a name, or of the beginning of an id; fails if there is none, or more than one. */
    public static Conversation find(CoppiceClient client, String name) {
        List<Conversation> found = named(client, name);
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw CommandFailure.input(
                    "no conversation " + quoted(name),
                    "list them: coppice group list --as " + client.id().user());
        }
        throw CommandFailure.usage(
                found.size() + " conversations are called " + quoted(name),
                "use the beginning of the id: "
                        + String.join(", ", found.stream().map(Lookup::shortId).toList()));
    }

    /** All that a name may mean: as much of an id as is shown means that; else what this client is in goes before what it was in. */
    public static List<Conversation> named(CoppiceClient client, String name) {
        List<Conversation> all = sorted(client);
        List<Conversation> byId = byId(all, name);
        if (!byId.isEmpty() && name.length() >= SHORT_ID) {
            // Everybody can invite somebody to a conversation that is called as the id of another.
            return byId;
        }
        List<Conversation> byName =
                all.stream().filter(one -> one.view().name().equals(name)).toList();
        if (!byName.isEmpty()) {
            List<Conversation> open =
                    byName.stream().filter(one -> isOpen(one.view())).toList();
            return open.isEmpty() ? byName : open;
        }
        return byId;
    }

    private static List<Conversation> byId(List<Conversation> all, String name) {
        boolean isId = name.length() >= MIN_ID && name.matches("[0-9a-f]+");
        return isId
                ? all.stream().filter(one -> one.id().toHex().startsWith(name)).toList()
                : List.of();
    }

    /** Tells which command lists the members of a conversation. */
    public static String whoIs(CoppiceClient client, Conversation conversation) {
        String title = title(conversation);
        String word = title.matches("[\\w.-]+") ? title : shortId(conversation);
        return "who is: coppice group members " + word + " --as " + client.id().user();
    }

    /** The beginning of an id, long enough to tell a person's conversations apart. */
    public static String shortId(Conversation conversation) {
        return conversation.id().toHex().substring(0, SHORT_ID);
    }

    /** What to call a conversation: its name, or its id if it has none. */
    public static String title(Conversation conversation) {
        String name = Texts.oneLine(conversation.view().name());
        return name.isEmpty() ? shortId(conversation) : name;
    }

    /** A name that a person gave, in quotation marks if it would run into the sentence. */
    public static String quoted(String name) {
        String line = Texts.oneLine(name);
        return line.matches("[\\w.-]+") ? line : "“" + line + "”";
    }

    /** Whether one can still say something in it. */
    public static boolean isOpen(ConversationView view) {
        return view.status() != ConversationStatus.REMOVED;
    }

    /** A user's name. */
    public static UserName user(String text) {
        if (!UserName.isValid(text)) {
            throw CommandFailure.usage("no name of a user: " + Texts.oneLine(text), "names are like alice");
        }
        return new UserName(text);
    }

    /** A client, if that is what {@code text} names: {@code USER/DEVICE}. */
    public static Optional<ClientId> client(String text) {
        if (!text.contains("/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(ClientId.parse(text));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("no name of a device: " + Texts.oneLine(text), "names are like alice/phone");
        }
    }
}
