/** The HTTP front of the delivery service. */
package org.coppice.delivery.http;
