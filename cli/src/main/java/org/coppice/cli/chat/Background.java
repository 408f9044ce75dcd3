package org.coppice.cli.chat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.coppice.cli.account.Account;
import org.coppice.client.BackgroundSync;
import org.coppice.delivery.api.DeliveryException;

/** What goes on while somebody chats: what is new is read, the certificate is kept valid, and what keeps either from it is looked for. */
final class Background implements AutoCloseable {
    private static final Duration CERTIFICATE_PAUSE = Duration.ofMinutes(10);
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);
    private static final Duration LEAVING_PATIENCE = Duration.ofSeconds(2);
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(3);

    private final Chat chat;
    private final BackgroundSync sync;
    private volatile boolean closed;

    private Background(Chat chat, BackgroundSync sync) {
        this.chat = chat;
        this.sync = sync;
    }

    /** Begins with it. */
    static Background start(Chat chat) {
        chat.listen();
        BackgroundSync sync = chat.account().client().background(work -> start("coppice-sync", work));
        chat.follow(sync);
        Background out = new Background(chat, sync);
        start("coppice-look", out::look);
        if (chat.account().isCertified()) {
            start("coppice-certificate", out::keepCertificate);
        }
        return out;
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        long begun = System.nanoTime();
        boolean isToTell = true;
        while (!closed) {
            if (isToTell && System.nanoTime() - begun > FIRST_PATIENCE.toNanos()) {
                isToTell = false;
                chat.tellIfNotReached();
            }
            chat.look();
            LockSupport.parkNanos(LOOK_PAUSE.toNanos());
        }
    }

    /** Now and then, as certificates and lists of revoked ones end while a chat goes on. */
    private void keepCertificate() {
        Account account = chat.account();
        while (!closed) {
            try {
                account.keepCertificate();
            } catch (DeliveryException | IOException | IllegalStateException e) {
                // The server is away, or a change is under way: the next round is soon enough.
            }
            LockSupport.parkNanos(CERTIFICATE_PAUSE.toNanos());
        }
    }

    /** Ends what is under way, and waits for that; but not for a server that keeps silent. */
    @Override
    public void close() {
        closed = true;
        start("coppice-hang-up", () -> {
            LockSupport.parkNanos(LEAVING_PATIENCE.toNanos());
            chat.account().link().hangUp();
        });
        sync.close();
    }
}
