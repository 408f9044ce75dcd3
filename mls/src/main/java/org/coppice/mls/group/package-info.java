/**
 * Groups: what an application calls (RFC 9420 §11 to §15).
 *
 * <pre>
 *   Environment -> MlsClient -> Group --commit()--> CommitBuilder --build()--> StagedCommit --merge--> Group
 *                                     --receive()-> Received (application data, proposal, StagedCommit, own echo)
 *                  PublicGroup: the same without secrets, for servers
 * </pre>
 *
 * <p>Public state ({@link org.coppice.mls.group.GroupState}) is an immutable value. Secrets have one owner, the Group. Staging
 * checks everything and changes nothing; merging checks nothing, swaps once and wipes the epoch that was left.
 */
package org.coppice.mls.group;
