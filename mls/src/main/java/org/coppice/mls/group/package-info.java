/**
 * Groups of members: what an application calls (RFC 9420 §11 to §15). The same without secrets, for servers, is in
 * {@link org.coppice.mls.observer}.
 *
 * <pre>
 *   Environment -> MlsClient -> Group --commit()--> CommitBuilder --build()--> StagedCommit --merge--> Group
 *                                     --receive()-> Received (application data, proposal, StagedCommit, own echo)
 * </pre>
 *
 * <p>Public state ({@link org.coppice.mls.epoch.GroupState}) is an immutable value. Secrets have one owner, the Group. Staging
 * checks everything and changes nothing; merging checks nothing, swaps once and wipes the epoch that was left.
 */
package org.coppice.mls.group;
