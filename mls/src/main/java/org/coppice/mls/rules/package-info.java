/**
 * All checks of proposals, Commits and GroupInfos that need no secret (RFC 9420 §12), as members and observers share them. Not
 * exported.
 *
 * <pre>
 *   SenderKeys -> signature        who may send what, and by which key it verifies
 *   ProposalRules                  a proposal alone (§12.1)
 *   Transition                     a list of them, judged together (§12.2) and applied (§12.3)
 *   CommitChecker                  a Commit: its list, then its path (§12.4.2)
 *   PublicTransition               the state that it leads to
 *   JoinChecks                     a GroupInfo and its tree (§12.4.3)
 * </pre>
 */
package org.coppice.mls.rules;
