package org.coppice.delivery.engine;

import java.io.IOException;
import java.util.Objects;
import org.coppice.delivery.api.DeliveryException;

/** Another engine, for tests that stand before some of its calls. */
public abstract class ForwardingEngine implements Engine {
    private final Engine engine;

    protected ForwardingEngine(Engine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException, IOException {
        return engine.read(work);
    }

    @Override
    public <T> T write(Work<T> work) throws DeliveryException, IOException {
        return engine.write(work);
    }

    @Override
    public Dialect dialect() {
        return engine.dialect();
    }

    @Override
    public SignalBus signals() {
        return engine.signals();
    }

    @Override
    public void close() {
        engine.close();
    }
}
