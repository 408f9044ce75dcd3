package org.coppice.delivery.http;

import java.util.ArrayList;
import java.util.List;
import org.coppice.delivery.api.InboxEntry;

/** The Welcomes of one client of {@link FakeService}. */
final class FakeInbox {
    private final List<InboxEntry> entries = new ArrayList<>();
    private long head;

    synchronized void add(InboxEntry entry) {
        entries.add(entry);
        head = entry.seq();
    }

    synchronized List<InboxEntry> after(long after, int limit) {
        return entries.stream()
                .filter(entry -> entry.seq() > after)
                .limit(limit)
                .toList();
    }

    synchronized void acknowledge(long upTo) {
        entries.removeIf(entry -> entry.seq() <= upTo);
    }

    synchronized long head() {
        return head;
    }
}
