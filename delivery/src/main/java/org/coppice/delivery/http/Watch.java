package org.coppice.delivery.http;

import org.coppice.delivery.ops.Metrics;

/**
 * What looks after requests: how much is allowed, who counts it, and where it is kept in mind.
 *
 * @param limits what a request may cost
 * @param metrics what is counted
 * @param clients what all bodies of clients may take together
 * @param strangers the same for requests that show no token, or none yet: they get into nobody's way who has one
 * @param connections which connections have requests
 * @param origins where requests come from
 */
record Watch(
        Limits limits, Metrics metrics, Budget clients, Budget strangers, Connections connections, Origins origins) {}
