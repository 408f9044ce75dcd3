/**
 * A group as a server sees it: followed, checked and stored without any secret (RFC 9750 §5). Nothing here depends on the package
 * of the members' groups, so that who uses this one cannot name a secret by it.
 */
package org.coppice.mls.observer;
