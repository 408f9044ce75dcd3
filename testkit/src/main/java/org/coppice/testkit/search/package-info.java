/** Finds what is left of secrets in files, dumps and logs. */
package org.coppice.testkit.search;
