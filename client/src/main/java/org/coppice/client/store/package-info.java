/**
 * Where a client keeps what must outlive the process: records in {@link org.coppice.client.store.Space spaces}, changed by
 * transactions.
 *
 * <p>{@link org.coppice.client.store.ClientStore} is what an application may implement over a database of its own. Two come with the
 * library: one in memory, and one in an SQLite file. {@link org.coppice.client.store.SealedClientStore} stands before either and
 * encrypts: what is below it sees random bytes, so that a copied file tells no group, no person and no word. The format is in
 * {@code docs/STORE.md}.
 */
package org.coppice.client.store;
