/** Puts engine, service, HTTP front and operations together into a server that can be started and stopped. */
package org.coppice.delivery.server;
