package org.coppice.delivery.http;

import org.coppice.delivery.ops.Metrics;

/**
 * What looks after requests: how much is allowed, who counts it, and where it is kept in mind.
 *
 * @param limits what a request may cost
 * @param metrics what is counted
 * @param budget what all bodies may take together
 * @param connections which connections have requests
 * @param origins where requests come from
 */
record Watch(Limits limits, Metrics metrics, Budget budget, Connections connections, Origins origins) {}
