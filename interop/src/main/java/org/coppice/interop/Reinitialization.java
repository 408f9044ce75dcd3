package org.coppice.interop;

/**
 * A member between the end of one group and the beginning of the next (RFC 9420 §11.2).
 *
 * @param stateId the number of the old state
 * @param old the group that ended
 * @param next the client in the suite of the new group, with the key package by which it may be added
 */
record Reinitialization(int stateId, Membership old, Joiner next) {}
