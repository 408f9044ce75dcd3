package org.coppice.delivery.group;

import java.sql.SQLException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.engine.Transaction;

/** What becomes of a client's place in groups when its name is given back. */
public final class Released {
    private Released() {}

    /** From now on the client has no right in any group that it was in; its leaves stay until members remove them. */
    public static void mark(Transaction tx, ClientId client) throws SQLException {
        tx.update("UPDATE admission SET released = 1 WHERE client = ?", client.toString());
    }
}
