/**
 * The directory of initial keying material (RFC 9750 §5.1): key packages are checked when they come, given out once, and forgotten when
 * they expire. Their references are remembered longer: they route Welcomes, and no init key comes twice.
 */
package org.coppice.delivery.keypackage;
