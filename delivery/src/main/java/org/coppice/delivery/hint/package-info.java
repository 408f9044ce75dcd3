/**
 * How readers learn soon that something has grown (RFC 9750 §5.2 leaves delivery to the service): reads that wait, and streams of hints.
 *
 * <p>Hints are merged, repeated and lost as suits the moment; the log and its cursor are the truth. So a slow reader costs one number
 * for each of its groups, and nothing is awaited across nodes.
 */
package org.coppice.delivery.hint;
