/**
 * Primitives over any provider of the Java Cryptography Architecture: what the platform's own and the native ones share. Not
 * for applications.
 *
 * <p>Algorithms are always taken from a given {@link java.security.Provider}, never by name alone: what an application puts
 * first in the JVM's list, for TLS perhaps, changes nothing here.
 */
package org.coppice.mls.crypto.jca;
