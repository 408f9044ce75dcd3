package org.coppice.cli.account;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.ProblemKind;

/** Stands between a client and its server, and knows whether the last request had an answer that lets it go on. Thread safe. */
public final class Link implements Connector {
    private final Connector connector;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile boolean reached;
    private volatile Consumer<Optional<String>> watcher = now -> {};
    private final Set<DeliverySession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Link(Connector connector) {
        this.connector = connector;
    }

    /** Why the last request led to nothing; empty if the server can be worked with. */
    public Optional<String> trouble() {
        return trouble;
    }

    /** Whether the server has answered at all. */
    public boolean isReached() {
        return reached;
    }

    /** Tells {@code watcher} of each change of {@link #trouble}. */
    public void watch(Consumer<Optional<String>> newWatcher) {
        watcher = newWatcher;
    }

    /** Ends what is under way, and lets nothing more begin: for when a person goes while the server keeps silent. */
    public void hangUp() {
        closed = true;
        sessions.forEach(DeliverySession::close);
    }

    @Override
    public DeliverySession connect(Identity identity) throws DeliveryException, IOException {
        DeliverySession session;
        try {
            session = connector.connect(identity);
        } catch (IOException e) {
            note(Optional.of(Failures.reason(e)));
            throw e;
        }
        sessions.add(session);
        if (closed) {
            // Whoever hung up may have come too early to see it.
            session.close();
        }
        return (DeliverySession) Proxy.newProxyInstance(
                Link.class.getClassLoader(), new Class<?>[] {DeliverySession.class}, (proxy, method, arguments) -> {
                    try {
                        Object out = method.invoke(session, arguments);
                        if (method.getName().equals("close")) {
                            sessions.remove(session);
                        } else {
                            note(Optional.empty());
                        }
                        return out;
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof IOException lost) {
                            note(Optional.of(Failures.reason(lost)));
                        } else if (e.getCause() instanceof DeliveryException refusal) {
                            boolean isStranger = refusal.kind() == ProblemKind.UNAUTHENTICATED;
                            note(isStranger ? Optional.of("the server does not know this account") : Optional.empty());
                        }
                        throw e.getCause();
                    }
                });
    }

    private void note(Optional<String> now) {
        if (closed) {
            // What broke off then says nothing of the server.
            return;
        }
        boolean changed = now.isPresent() != trouble.isPresent();
        trouble = now;
        reached |= now.isEmpty();
        if (changed) {
            watcher.accept(now);
        }
    }
}
