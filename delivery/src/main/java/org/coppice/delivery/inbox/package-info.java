/** Welcomes that wait for their joiners (RFC 9750 §5.2.3): they come with the Commit that won, and with no other. */
package org.coppice.delivery.inbox;
