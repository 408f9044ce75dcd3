package org.coppice.mls.environment;

/**
 * What the definition of a proposal type outside RFC 9420 says about it (§12.1.8, §12.2, §12.4; the columns of its registry).
 *
 * @param externalSenders whether external senders may propose it
 * @param pathRequired whether a Commit that covers it needs a path
 * @param externalCommit whether an external Commit may hold it
 */
public record CustomProposalRule(boolean externalSenders, boolean pathRequired, boolean externalCommit) {
    /** The strict reading for types that say nothing: members only, with a path, never in an external Commit. */
    public static final CustomProposalRule STRICT = new CustomProposalRule(false, true, false);
}
