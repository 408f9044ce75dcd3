/**
 * The delivery service (RFC 9750 §5): a directory of key packages, and one append-only log for each group.
 *
 * <p>{@link org.coppice.delivery.DeliveryService} is one node. It keeps nothing that is not in its database or can be had from there
 * again, so any number of nodes can share one PostgreSQL database. It sees only what is public in MLS; no type of this module can hold a
 * secret of a group.
 */
package org.coppice.delivery;
