/**
 * Coppice as the working group's test runner wants it: a gRPC server that acts as any number of clients.
 *
 * <pre>
 *   InteropServer -- InteropService --+-- JoinCalls       becoming a member
 *                    (one line per    +-- GroupCalls      what members do
 *                     call, errors)   +-- SuccessorCalls  reinitialization and subgroups
 *                                     +-- OutsiderCalls   proposals from outside
 *                                              |
 *                                     Handles: Membership, Joiner, Reinitialization, ExternalSigner
 * </pre>
 *
 * <p>For tests alone: it hands out private keys, and believes every credential.
 */
package org.coppice.interop;
