package org.coppice.delivery.http;

import java.io.IOException;
import java.net.Socket;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.mls.framing.MlsMessage;

/** What random requests are sent to: a server with one group, and what its member alice has to say. */
interface RandomTarget extends AutoCloseable {
    Socket connect() throws IOException;

    /** A token of alice's. */
    String token();

    /** Logs her in again: one of the requests may have logged her out. */
    void logIn() throws Exception;

    /** Her group, as in a path. */
    String gid();

    /** Something for the group's log that fits, or did once. */
    MlsMessage message() throws Exception;

    /** A Commit that fits, or did once. */
    CommitBundle bundle() throws Exception;

    /** The status that a plain request of alice's gets. */
    int status() throws Exception;

    @Override
    void close() throws IOException;
}
