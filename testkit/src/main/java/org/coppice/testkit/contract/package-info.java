/** What an implementation of an interface of {@code mls} must hold, as cases that any test framework can run. */
package org.coppice.testkit.contract;
