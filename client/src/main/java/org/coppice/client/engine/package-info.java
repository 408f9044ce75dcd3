/**
 * What makes a client survive crashes, lost races and lost answers. Not exported.
 *
 * <p>Everything that shall be done is first a {@link org.coppice.client.engine.Wish} in the store. A wish is turned into bytes in one
 * transaction, which also uses up the ratchet key and stores the bytes with a request id ({@link org.coppice.client.engine.Outgoing}).
 * Then, outside of any transaction, they are sent, again and again with the same id, until there is an answer. What counts is what the
 * log shows ({@link org.coppice.client.engine.LogReader}): only there an own Commit is merged, and there every wish ends.
 *
 * <pre>
 *   wish -- build (one transaction) --> outgoing -- send (no transaction) --> answer
 *     ^                                    |                                    |
 *     |  lost the race: drop, catch up     |                                    | appended
 *     +------------------------------------+-- stale epoch <--------------------+
 *                                                                               v
 *   history, cursor, group state  <-- log entry (one transaction) -- read the log
 * </pre>
 *
 * <p>Locks: one for each account, held during a transaction and never during I/O of the network; and one for each conversation, held by
 * the thread that drives it ({@link org.coppice.client.engine.Pump}).
 */
package org.coppice.client.engine;
