/** Primitives of native libraries. */
package org.coppice.crypto.nativelib;
