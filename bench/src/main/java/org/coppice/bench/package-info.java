/** JMH benchmarks. */
package org.coppice.bench;
