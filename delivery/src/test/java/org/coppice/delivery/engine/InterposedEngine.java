package org.coppice.delivery.ca;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.ForwardingEngine;
import org.coppice.delivery.engine.Work;

/** An engine between whose works something else can be made to happen. */
final class InterposedEngine extends ForwardingEngine {
    private Runnable beforeWrite = () -> {};
    private Runnable afterRead = () -> {};

    InterposedEngine(Engine engine) {
        super(engine);
    }

    /** Runs {@code action} once, before the next write begins. */
    void beforeNextWrite(Runnable action) {
        beforeWrite = action;
    }

    /** Runs {@code action} once, when the next read is done and before its reader knows. */
    void afterNextRead(Runnable action) {
        afterRead = action;
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException, IOException {
        T result = super.read(work);
        Runnable action = afterRead;
        afterRead = () -> {};
        action.run();
        return result;
    }

    @Override
    public <T> T write(Work<T> work) throws DeliveryException, IOException {
        Runnable action = beforeWrite;
        beforeWrite = () -> {};
        action.run();
        return super.write(work);
    }
}
