/**
 * Credentials and who judges them (RFC 9420 §5.3; X.509 in a package of its own), and extensions with the data of the five standard
 * ones (§13.4).
 */
package org.coppice.mls.credential;
