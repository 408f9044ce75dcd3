/** What a store or a delivery service must hold for the SDK to work with it, as cases that any test framework can run. */
package org.coppice.testkit.client;
