package org.coppice.bench.client;

import org.coppice.client.Conversation;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.CryptoException;

/** What people do, checked. */
final class People {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private People() {}

    static ClientId id(String name) {
        return ClientId.parse(name + "/phone");
    }

    static Identity identity(ClientEnvironment environment, String name) throws CryptoException {
        return Identity.generate(environment, SUITE, id(name));
    }

    static void say(Conversation conversation, String text) {
        if (!conversation.send(text).isDone()) {
            throw new AssertionError("not sent: " + text);
        }
    }

    static void refresh(Conversation conversation) {
        if (!conversation.refresh().isDone()) {
            throw new AssertionError("not refreshed");
        }
    }

    /** How many messages the history has. */
    static long heard(Conversation conversation) {
        return conversation.history(0, 1_000_000).stream()
                .filter(HistoryEntry.Message.class::isInstance)
                .count();
    }
}
