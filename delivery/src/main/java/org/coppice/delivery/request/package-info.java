/** Writes that are done once, however often they are sent. */
package org.coppice.delivery.request;
