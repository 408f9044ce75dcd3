/**
 * Makes test vectors of every kind from a seed. Where a kind tests the key schedule or framing, the values are computed here by
 * the formulas of RFC 9420 from the primitives alone, so that they can disagree with the library; trees and transcripts come from
 * the library itself.
 */
package org.coppice.testkit.vectors.make;
