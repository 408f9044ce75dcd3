/**
 * Primitives of the Java platform alone. On JDK 17 and newer they cover all seven standard suites; on Android what its
 * release has. Used through {@link org.coppice.mls.crypto.CryptoProviders}.
 *
 * <p>Platform objects ({@code MessageDigest}, {@code Cipher}) are stateful: hashes keep one per thread, everything else takes
 * a new one per operation from a JCA provider that was looked up once.
 */
package org.coppice.mls.crypto.jdk;
