/**
 * Test vectors in the formats of the MLS working group (mlswg/mls-implementations, test-vectors.md): reading, verifying with
 * any provider, and making new ones.
 *
 * <pre>
 *   file  -&gt;  VectorReader  -&gt;  VectorCase  -&gt;  VectorVerifier  -&gt;  VectorResult
 * </pre>
 */
package org.coppice.testkit.vectors;
