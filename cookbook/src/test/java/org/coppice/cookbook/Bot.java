package org.coppice.cookbook;

import static org.coppice.cookbook.Pantry.device;
import static org.coppice.cookbook.Pantry.said;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Payload;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.codec.Bytes;

/** A bot that answers, once to each question, whatever happens to it. */
final class Bot {
    private Bot() {}

    // begin bot
    /**
     * Answers what came after entry {@code cursor} of the history, and says where to go on. Called again for entries that it has answered
     * already, because the process died before the cursor was kept, it gives the same answers under the same ids: nobody sees them twice.
     */
    static long answer(CoppiceClient bot, Conversation conversation, long cursor) {
        for (HistoryEntry entry : conversation.history(cursor, 100)) {
            if (entry instanceof HistoryEntry.Message question
                    && !question.sender().equals(bot.id()) // or it would talk to itself
                    && question.payload().text().orElse("").equals("!ping")) {
                MessageId id = answerTo(question.payload().id());
                conversation.send(Payload.text(id, question.place().timeMillis(), "pong"));
            }
            cursor = entry.place().seq();
        }
        return cursor;
    }

    private static MessageId answerTo(MessageId question) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return new MessageId(Bytes.wrap(digest.digest(question.encoded())).slice(0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
    // end bot

    static void cook(PrintStream out, Path directory) throws Exception {
        try (DeliveryServer server = Pantry.serve(directory);
                HttpDelivery service = HttpDelivery.at(Pantry.url(server));
                CoppiceClient alice = device(service, "alice/laptop", ClientStores.inMemory());
                CoppiceClient bot = device(service, "pingbot/server", ClientStores.inMemory())) {
            // begin run
            Conversation garden = alice.createConversation("garden");
            garden.invite(new UserName("pingbot"));
            garden.send("!ping");

            bot.sync();
            Conversation bots = bot.conversation(garden.id()).orElseThrow();
            answer(bot, bots, 0);
            answer(bot, bots, 0); // it died before it could keep the cursor

            alice.sync();
            said(garden).forEach(out::println);
            // end run
        }
    }
}
