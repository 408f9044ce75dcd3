/**
 * Who the clients are: registration, logging in, tokens, and what the service believes of credentials (RFC 9750 §4, §5.1).
 *
 * <p>The service authenticates a client by the key that its credential stands for; it never sees a password.
 */
package org.coppice.delivery.account;
