/**
 * Primitives of native libraries: {@link org.coppice.crypto.nativelib.AccpProvider} and
 * {@link org.coppice.crypto.nativelib.ConscryptProvider}. Where a library has no build for the machine at hand, its provider
 * answers empty and another serves.
 *
 * <p>Both compute public keys from private ones by methods that their libraries do not offer in public. On the class path that
 * works as it is. On the module path ACCP takes three options: {@code --add-modules com.amazon.corretto.crypto.provider},
 * {@code --add-opens com.amazon.corretto.crypto.provider/com.amazon.corretto.crypto.provider=org.coppice.crypto.nativelib} and,
 * because the platform itself may load it there early, {@code
 * -Dcom.amazon.corretto.crypto.provider.registerEdKeyFactory=true}.
 */
package org.coppice.crypto.nativelib;
