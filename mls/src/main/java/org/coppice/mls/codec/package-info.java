/**
 * The TLS presentation language of RFC 9420 §2.1: reading, writing, and the immutable bytes in between.
 *
 * <p>Decoding is total: any input gives an object or a {@link org.coppice.mls.error.DecodeException}, in time and memory
 * bounded by the length of the input.
 */
package org.coppice.mls.codec;
