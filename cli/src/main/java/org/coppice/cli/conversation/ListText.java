package org.coppice.cli.conversation;

import java.util.List;
import org.coppice.cli.Columns;
import org.coppice.cli.Style;
import org.coppice.cli.Texts;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;

/** Conversations, one in a line. */
public final class ListText {
    private ListText() {}

    /** The lines. */
    public static List<String> lines(List<Conversation> conversations, boolean colours) {
        int width = conversations.stream()
                .mapToInt(one -> Columns.of(Lookup.title(one)))
                .max()
                .orElse(0);
        return conversations.stream()
                .map(one -> {
                    String title = Lookup.title(one);
                    return Style.FAINT.apply(Lookup.shortId(one), colours) + "  "
                            + Style.NAME.apply(title, colours) + Columns.padding(title, width + 2)
                            + standing(one.view());
                })
                .toList();
    }

    /** Where this client stands in a conversation, in words. */
    public static String standing(ConversationView view) {
        String waiting = view.waiting() == 0 ? "" : " · " + view.waiting() + " waiting";
        if (view.status() == ConversationStatus.ACTIVE) {
            int members = view.members().size();
            return members + (members == 1 ? " member" : " members") + " · epoch " + Long.toUnsignedString(view.epoch())
                    + waiting;
        }
        return status(view.status(), view.reason()) + waiting;
    }

    /** A standing other than that of a member who can follow. */
    public static String status(ConversationStatus status, String reason) {
        String what = switch (status) {
            case CREATING -> "the server has not heard of it yet";
            case ACTIVE -> "member";
            case STUCK -> "cannot follow";
            case REJOINING -> "coming back";
            case REMOVED -> "no member any more";
            case DAMAGED -> "damaged";
        };
        return reason.isEmpty() ? what : what + ": " + Texts.oneLine(reason);
    }
}
