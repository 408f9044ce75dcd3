/** What the client SDK costs, its store included: run by {@code bench/run client}. */
package org.coppice.bench.client;
