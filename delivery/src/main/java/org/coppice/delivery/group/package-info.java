/**
 * Groups: their logs, and what is checked before something enters one (RFC 9750 §5.2, §5.3).
 *
 * <p>A group in whose handshakes the service can read has a <em>mirror</em>, the public state that every member has too. A Commit is
 * checked against the mirror outside any transaction; then one transaction moves the epoch by compare-and-set and writes everything that
 * belongs to the Commit; then the mirror follows. Between nodes nothing is locked but the group's row, for the moment of that transaction.
 *
 * <pre>
 *   bundle -> mirror: stage -> who may do this? GroupInfo? Welcomes? -> one transaction -> mirror: merge -> hints
 *                                                                        |
 *                  grp: epoch = epoch + 1 WHERE epoch = the Commit's ----+---- log, GroupInfo, records, admissions, inboxes, request
 * </pre>
 */
package org.coppice.delivery.group;
