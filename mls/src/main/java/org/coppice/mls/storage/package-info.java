/** How the public records of a group are written and read, those that members and observers have alike. Not exported. */
package org.coppice.mls.storage;
