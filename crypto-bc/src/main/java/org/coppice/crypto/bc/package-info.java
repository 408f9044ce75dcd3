/** Pure-Java primitives of Bouncy Castle. */
package org.coppice.crypto.bc;
