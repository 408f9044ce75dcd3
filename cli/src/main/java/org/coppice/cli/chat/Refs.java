package org.coppice.cli.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.coppice.client.Conversation;
import org.coppice.client.model.Receipt;
import org.coppice.mls.codec.Bytes;

/**
 * What a program calls what it asked for, until that is settled. The number of a wish is known only once it was tried, and its outcome may
 * be told before that, by this thread or another: while something that has a name is asked for, outcomes wait. Thread safe.
 */
final class Refs {
    private final Teller teller;
    private final Map<Wish, String> names = new HashMap<>();
    private final List<Outcome> held = new ArrayList<>();
    private boolean asking;

    /** @param teller is told of each outcome, with its name if it has one */
    Refs(Teller teller) {
        this.teller = teller;
    }

    /** Where outcomes are told. */
    interface Teller {
        void tell(Conversation conversation, Receipt receipt, Optional<String> ref);
    }

    private record Wish(Bytes groupId, long number) {}

    private record Outcome(Conversation conversation, Receipt receipt) {}

    /** Asks for something, of which one thing at a time may have a name. */
    Receipt ask(Conversation conversation, Optional<String> ref, Supplier<Receipt> asks) {
        if (ref.isEmpty()) {
            return asks.get();
        }
        hold();
        try {
            Receipt out = asks.get();
            // 0 is nothing that an outcome follows for.
            if (out.number() != 0) {
                name(new Wish(conversation.id(), out.number()), ref.get());
            }
            return out;
        } finally {
            release();
        }
    }

    private synchronized void hold() {
        asking = true;
    }

    private synchronized void name(Wish wish, String ref) {
        names.put(wish, ref);
    }

    private void release() {
        List<Outcome> due;
        synchronized (this) {
            asking = false;
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(outcome -> settled(outcome.conversation(), outcome.receipt()));
    }

    /** Takes the outcome of something, and tells it now or soon. */
    void settled(Conversation conversation, Receipt receipt) {
        Optional<String> ref;
        synchronized (this) {
            if (asking) {
                held.add(new Outcome(conversation, receipt));
                return;
            }
            ref = Optional.ofNullable(names.remove(new Wish(conversation.id(), receipt.number())));
        }
        teller.tell(conversation, receipt, ref);
    }
}
