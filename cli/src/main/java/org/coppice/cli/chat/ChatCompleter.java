package org.coppice.cli.chat;

import java.util.List;
import java.util.function.Supplier;
import org.coppice.cli.conversation.Lookup;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, and the names that go with them. */
final class ChatCompleter implements Completer {
    private final Supplier<Chat> chat;

    ChatCompleter(Supplier<Chat> chat) {
        this.chat = chat;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (!line.line().startsWith("/")) {
            return;
        }
        if (line.wordIndex() == 0) {
            for (ChatVerb verb : ChatVerb.values()) {
                candidates.add(
                        new Candidate("/" + verb.word(), "/" + verb.word(), null, verb.meaning(), null, null, true));
            }
            return;
        }
        Chat now = chat.get();
        ChatVerb verb = ChatVerb.of(line.words().get(0).substring(1)).orElse(null);
        if (verb == ChatVerb.OPEN) {
            CoppiceClient client = now.account().client();
            Lookup.sorted(client).forEach(one -> candidates.add(new Candidate(Lookup.title(one))));
        } else if (verb == ChatVerb.REMOVE || verb == ChatVerb.VERIFY) {
            now.open().map(Conversation::members).orElse(List.of()).stream()
                    .filter(member -> !member.self())
                    .map(member -> member.client().user().value())
                    .distinct()
                    .forEach(name -> candidates.add(new Candidate(name)));
        }
    }
}
