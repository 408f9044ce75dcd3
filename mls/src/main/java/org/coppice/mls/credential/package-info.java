/**
 * Credentials and who judges them (RFC 9420 §5.3), and extensions with the data of the five standard ones (§13.4).
 */
package org.coppice.mls.credential;
