/**
 * Primitives of the Java platform alone. On JDK 17 and newer they cover all seven standard suites; on Android what its
 * release has. Used through {@link org.coppice.mls.crypto.CryptoProviders}.
 */
package org.coppice.mls.crypto.jdk;
