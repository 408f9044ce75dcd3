/**
 * What a client sees and says: identities, the format of application data, history, members, parameters. Values, without I/O.
 */
package org.coppice.client.model;
