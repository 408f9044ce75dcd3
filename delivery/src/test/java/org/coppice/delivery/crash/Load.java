package org.coppice.delivery.crash;

/** What one client does until it is killed. */
interface Load {
    void run() throws Exception;
}
