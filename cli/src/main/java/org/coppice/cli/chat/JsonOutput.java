package org.coppice.cli.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.coppice.cli.Texts;
import org.coppice.cli.conversation.HistoryJson;
import org.coppice.cli.conversation.People;
import org.coppice.client.Conversation;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Receipt;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** A chat for a program to read: one JSON object in each line, of the {@code type} that it names. */
final class JsonOutput implements ChatOutput {
    private final ClientId self;
    private final Consumer<String> lines;
    private final Optional<String> ref;

    JsonOutput(ClientId self, Consumer<String> lines) {
        this(self, lines, Optional.empty());
    }

    private JsonOutput(ClientId self, Consumer<String> lines, Optional<String> ref) {
        this.self = self;
        this.lines = lines;
        this.ref = ref;
    }

    @Override
    public ChatOutput answering(String name) {
        return new JsonOutput(self, lines, Optional.of(name));
    }

    private void print(ObjectNode object) {
        ref.ifPresent(name -> object.put("ref", name));
        lines.accept(Texts.json(object.toString()));
    }

    private static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    @Override
    public void entry(Conversation conversation, HistoryEntry entry, boolean foreign) {
        print(HistoryJson.of(conversation.id(), entry, self, new People(conversation.members())));
    }

    @Override
    public void receipt(Conversation conversation, Receipt receipt, Optional<String> name) {
        ObjectNode out = HistoryJson.of(conversation.id(), receipt);
        name.ifPresent(value -> out.put("ref", value));
        print(out);
    }

    @Override
    public void standing(Conversation conversation, ConversationStatus status, String reason) {
        print(object("standing")
                .put("group", conversation.id().toHex())
                .put("status", status.name().toLowerCase(Locale.ROOT))
                .put("reason", reason));
    }

    @Override
    public void opened(Conversation conversation) {
        print(HistoryJson.of(conversation.view()).put("type", "opened"));
    }

    @Override
    public void list(List<Conversation> conversations) {
        ObjectNode out = object("list");
        var array = out.putArray("conversations");
        conversations.forEach(conversation -> array.add(HistoryJson.of(conversation.view())));
        print(out);
    }

    @Override
    public void members(Conversation conversation) {
        print(HistoryJson.of(conversation.view()));
    }

    @Override
    public void status(Conversation conversation, Optional<String> link, Optional<String> reading) {
        ObjectNode out = HistoryJson.of(conversation.view());
        conversation.epochAuthenticator().ifPresent(value -> out.put("authenticator", value.toHex()));
        link.or(() -> reading).ifPresent(why -> out.put("trouble", why));
        print(out);
    }

    @Override
    public void safetyNumber(Conversation conversation, UserName user, SafetyNumber number) {
        print(object("safety_number").put("user", user.value()).put("digits", number.digits()));
    }

    @Override
    public void help(List<ChatVerb> verbs) {
        ObjectNode out = object("help");
        var array = out.putArray("commands");
        verbs.forEach(verb -> array.add(verb.usage()));
        print(out);
    }

    @Override
    public void link(Optional<String> trouble) {
        ObjectNode out = object("link").put("reached", trouble.isEmpty());
        trouble.ifPresent(why -> out.put("trouble", why));
        print(out);
    }

    @Override
    public void reading(Optional<String> trouble) {
        ObjectNode out = object("reading").put("whole", trouble.isEmpty());
        trouble.ifPresent(why -> out.put("trouble", why));
        print(out);
    }

    @Override
    public void done() {
        // Who gives no name does not wait for it.
        if (ref.isPresent()) {
            print(object("done"));
        }
    }

    @Override
    public void note(String text) {
        print(object("note").put("text", text));
    }

    @Override
    public void problem(String text, String hint) {
        ObjectNode out = object("problem").put("text", text);
        if (!hint.isEmpty()) {
            out.put("hint", hint);
        }
        print(out);
    }
}
