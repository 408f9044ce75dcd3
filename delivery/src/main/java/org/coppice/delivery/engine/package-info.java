/**
 * Where the service keeps its state: transactions over one schema, on SQLite or PostgreSQL.
 *
 * <p>An {@link org.coppice.delivery.engine.Engine} runs {@link org.coppice.delivery.engine.Work}, a function from a transaction to a
 * result. It may run it more than once, alone or together with others, and hands out the result only when what the function did is on
 * disk. So a function must do nothing but through its transaction.
 *
 * <p>Both engines speak the same SQL; where they cannot, {@link org.coppice.delivery.engine.Dialect} says what differs.
 */
package org.coppice.delivery.engine;
