/** Builders of objects that are right in everything but the one thing a test is about. */
package org.coppice.testkit.forge;
