/**
 * The authentication service (RFC 9750 §4): a small certification authority that says which signature key is whose. Clients make their
 * keys themselves and hand in a request (PKCS #10); who asks is known by a one-time code, by a token of an OpenID provider, or by being
 * logged in with a certificate that is to be renewed. {@code docs/AUTHENTICATION.md} tells all of it.
 */
package org.coppice.delivery.ca;
