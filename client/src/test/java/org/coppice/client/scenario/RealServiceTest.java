package org.coppice.client.scenario;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Conversations over the delivery service itself. */
class RealServiceTest extends ConversationScenarios {
    @TempDir
    Path directory;

    private RealService service;

    @Override
    World open() throws Exception {
        SimulatedTime time = new SimulatedTime();
        service = new RealService(directory, time);
        return new World(8, time, service);
    }

    @AfterEach
    void stop() {
        service.close();
    }
}
