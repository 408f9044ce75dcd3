/**
 * Certificates of the authentication service, as a client sees them: keys are made here and only requests leave, chains are validated
 * against one anchor and the service's revocation list, and are renewed ahead of their end. {@code docs/AUTHENTICATION.md} tells all of
 * it.
 */
package org.coppice.client.identity;
