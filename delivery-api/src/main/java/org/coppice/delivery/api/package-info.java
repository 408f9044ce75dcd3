/**
 * The contract between a delivery service (RFC 9750 §5) and its clients.
 *
 * <p>{@link org.coppice.delivery.api.DeliverySession} is all that one authenticated client may ask; the service implements it in
 * process, the client's SDK over HTTP, and code above cannot tell which it holds. The service refuses with a
 * {@link org.coppice.delivery.api.DeliveryException} whose {@link org.coppice.delivery.api.Problem} says why; an
 * {@link java.io.IOException} means that the outcome is unknown.
 *
 * <p>Every group has one append-only log, read from a cursor: the sequence number of the last entry that the reader knows.
 * Everything else about a group, its hints included, only helps to find out sooner that the log has grown.
 *
 * <p>Structures have one binary encoding, in the presentation language of RFC 9420 §2.1, like those of MLS itself. Decoders are
 * total: whatever the bytes, they return a value or throw {@link org.coppice.mls.error.DecodeException}.
 */
package org.coppice.delivery.api;
