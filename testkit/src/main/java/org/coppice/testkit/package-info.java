/** Builders and simulators for tests. */
package org.coppice.testkit;
