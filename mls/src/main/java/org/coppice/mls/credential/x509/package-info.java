/**
 * X.509 credentials (RFC 9420 §5.3): certificate chains judged by path validation (RFC 5280) against trust anchors, and what a
 * certificate says of its subject.
 */
package org.coppice.mls.credential.x509;
