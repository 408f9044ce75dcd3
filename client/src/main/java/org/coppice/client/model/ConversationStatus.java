package org.coppice.client.model;

/** Where a client stands in a conversation. */
public enum ConversationStatus {
    /** It was created here; the service does not know of it yet. */
    CREATING,
    /** This client is a member and can follow. */
    ACTIVE,
    /** This client is a member but cannot follow: an entry cannot be processed, or the group forked. Rejoining heals it. */
    STUCK,
    /** This client takes its place again by an external Commit. */
    REJOINING,
    /** This client was removed, or left. The history stays. */
    REMOVED,
    /**
     * The store has lost part of what this client needs to be a member. It stays so until the application has it rejoin, or abandons
     * the conversation, or others remove and add this client; what waits is kept meanwhile.
     */
    DAMAGED
}
