package org.coppice.delivery.engine;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;

/** An engine between whose works something else can be made to happen. */
public final class InterposedEngine extends ForwardingEngine {
    private Runnable beforeWrite = () -> {};
    private Runnable afterRead = () -> {};

    public InterposedEngine(Engine engine) {
        super(engine);
    }

    /** Runs {@code action} once, before the next write begins. */
    public void beforeNextWrite(Runnable action) {
        beforeWrite = action;
    }

    /** Runs {@code action} once, when the next read is done and before its reader knows. */
    public void afterNextRead(Runnable action) {
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
