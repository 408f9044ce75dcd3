/** What is kept, and for how long: logs by age and count, trees by epochs, and everything that expires by itself. */
package org.coppice.delivery.retention;
