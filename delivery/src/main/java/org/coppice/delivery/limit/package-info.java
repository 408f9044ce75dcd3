/** How much one client or one group may ask of the service. */
package org.coppice.delivery.limit;
