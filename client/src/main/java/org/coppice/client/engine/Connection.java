package org.coppice.client.engine;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.ProblemKind;

/** The session at the service: opened when first needed, opened again when the service does not know it any more. Thread safe. */
final class Connection implements AutoCloseable {
    private final Connector connector;
    private final ReentrantLock lock = new ReentrantLock();
    private Identity identity;
    private DeliverySession session;
    private boolean closed;

    Connection(Connector connector, Identity identity) {
        this.connector = connector;
        this.identity = identity;
    }

    /** Something that is asked of the service. */
    @FunctionalInterface
    interface Request<T> {
        T send(DeliverySession session) throws DeliveryException, IOException;
    }

    /** Asks, and asks again with a new session if the service does not know the present one. */
    <T> T ask(Request<T> request) throws DeliveryException, IOException {
        DeliverySession first = session();
        try {
            return request.send(first);
        } catch (DeliveryException e) {
            if (e.kind() != ProblemKind.UNAUTHENTICATED) {
                throw e;
            }
            reset(first);
            return request.send(session());
        }
    }

    private DeliverySession session() throws DeliveryException, IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the client is closed");
            }
            if (session == null) {
                session = connector.connect(identity);
            }
            return session;
        } finally {
            lock.unlock();
        }
    }

    private void reset(DeliverySession old) {
        lock.lock();
        try {
            if (session == old) {
                old.close();
                session = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Logs in under another identity from the next request on. */
    void loginAs(Identity next) {
        lock.lock();
        try {
            identity = next;
            drop();
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }
}
