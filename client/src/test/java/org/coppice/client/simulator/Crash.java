package org.coppice.client.simulator;

/** The process of a client is gone. An error, so that no client takes it for a failure that it can handle. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
        super(where);
    }
}
