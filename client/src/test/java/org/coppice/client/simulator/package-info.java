/**
 * The simulator: whole lives of a few clients in one process and one thread, in simulated time. A seed decides what users do, what the
 * network, the disks and the processes do to them, and who acts in the middle of whose request; at the end all must be well
 * ({@link org.coppice.client.simulator.Judge}), and all along no key of a ratchet may seal two messages
 * ({@link org.coppice.client.simulator.KeyLedger}).
 */
package org.coppice.client.simulator;
