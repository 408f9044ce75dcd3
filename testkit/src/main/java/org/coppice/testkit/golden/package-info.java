/** State as a release stores it, with what has to be possible with it: recorded once, loaded by all later releases. */
package org.coppice.testkit.golden;
