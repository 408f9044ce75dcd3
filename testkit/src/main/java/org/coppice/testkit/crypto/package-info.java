/** Cryptographic providers that stand before others, for tests that watch or change what passes. */
package org.coppice.testkit.crypto;
