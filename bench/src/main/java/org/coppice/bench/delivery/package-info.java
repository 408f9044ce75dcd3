/** The delivery service measured: writers, large groups, idle streams. */
package org.coppice.bench.delivery;
