/** What an operator looks at: metrics, health, the log of requests. Nothing here names a user, a client or a group. */
package org.coppice.delivery.ops;
