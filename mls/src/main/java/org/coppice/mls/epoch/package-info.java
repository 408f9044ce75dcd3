/**
 * What is public about one epoch of a group, and about what changes it: immutable values that members and observers share
 * (RFC 9420 §8.1, §12).
 */
package org.coppice.mls.epoch;
