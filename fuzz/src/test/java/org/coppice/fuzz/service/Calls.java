package org.coppice.fuzz.service;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.identity.Anchor;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.fuzz.Escape;
import org.coppice.mls.codec.Bytes;

/** Everything that a client asks a service, in the order in which seeds know it. */
enum Calls {
    STOCK(caller -> caller.session().keyPackageStock()),
    PUBLISH(caller -> caller.session().publishKeyPackages(id(), List.of(), Optional.empty())),
    CLIENTS(caller -> caller.session().clientsOf(new UserName("bob"))),
    CLAIM(caller -> caller.session().claimKeyPackages(id(), ClaimRequest.of(new UserName("bob"), Town.SUITE))),
    READ(caller -> caller.session().read(Town.GROUP_ID, 0, 10, Duration.ZERO)),
    GROUP_INFO(caller -> caller.session().groupInfo(Town.GROUP_ID)),
    TREE(caller -> caller.session().ratchetTree(Town.GROUP_ID, 0)),
    SETTINGS(caller -> caller.session().settings(Town.GROUP_ID)),
    CHANGE(caller -> {
        caller.session().changeSettings(id(), Town.GROUP_ID, GroupSettings.DEFAULT);
        return caller;
    }),
    INBOX(caller -> caller.session().inbox(0, 10, Duration.ZERO)),
    OUTCOME(caller -> caller.session().outcome(id())),
    GROUPS(caller -> caller.session().groups()),
    EVENTS(Calls::events),
    REGISTER(caller -> {
        caller.delivery().register(caller.me());
        return caller;
    }),
    VOUCHER(caller -> caller.delivery()
            .voucher(caller.me(), caller.me().client(), caller.me().registered())),
    ANCHOR(caller -> anchor(caller.delivery().authority().anchor())),
    REVOCATION_LIST(caller -> caller.delivery().authority().revocationList()),
    ENROL(caller -> caller.delivery().authority().enrolByCode(Bytes.EMPTY, "code")),
    CODE(caller -> caller.delivery().authority().makeCode(caller.me(), Optional.empty()));

    private final Call call;

    /**
     * Who asks.
     *
     * @param delivery the service
     * @param session a session there
     * @param me whose
     */
    record Caller(HttpDelivery delivery, DeliverySession session, Identity me) {}

    /** Asks something. */
    @FunctionalInterface
    private interface Call {
        Object ask(Caller caller) throws DeliveryException, IOException;
    }

    Calls(Call call) {
        this.call = call;
    }

    /** Asks, and prints what came. */
    void ask(Caller caller) throws DeliveryException, IOException {
        if (call.ask(caller).toString() == null) {
            throw new Escape("an answer that cannot be printed");
        }
    }

    private static RequestId id() {
        return new RequestId(new UUID(1, 2));
    }

    /** What a user compares before he believes it. */
    private static Object anchor(Bytes der) throws IOException {
        try {
            return Anchor.of(der).fingerprint();
        } catch (IllegalArgumentException e) {
            return e;
        }
    }

    /** Hints come until the stream ends, and that is told once. */
    private static Object events(Caller caller) throws DeliveryException, IOException {
        CompletableFuture<IOException> end = new CompletableFuture<>();
        HintListener listener = new HintListener() {
            @Override
            public void onHint(Hint hint, String eventId) {
                if (hint.toString() == null || eventId == null) {
                    throw new Escape("a hint that cannot be printed");
                }
            }

            @Override
            public void onInterrupted(IOException cause) {
                if (!end.complete(cause)) {
                    throw new Escape("the end of a stream was told twice");
                }
            }
        };
        Subscription subscription = caller.session().subscribe(listener, Optional.empty());
        try {
            return end.get(10, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new Escape("a stream that ended was not told of", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            subscription.close();
        }
    }
}
