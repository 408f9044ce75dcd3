package org.coppice.testkit.vectors.make;

/** What happens in one epoch of a transcript. */
enum Change {
    /** New keys of the committer and nothing else. */
    REFRESH,
    /** One or two clients are added. */
    ADD,
    /** A member is removed. */
    REMOVE,
    /** A member proposes an Update. */
    UPDATE,
    /** A key of the application is mixed in. */
    EXTERNAL_PSK,
    /** A key of an earlier epoch is mixed in. */
    RESUMPTION_PSK,
    /** The group's extensions change. */
    EXTENSIONS,
    /** Somebody joins alone. */
    EXTERNAL_JOIN,
    /** A member that lost its state joins again in place of its old leaf. */
    RESYNC,
    /** The external sender proposes. */
    EXTERNAL_PROPOSAL,
    /** A client proposes itself. */
    NEW_MEMBER_PROPOSAL,
    /** Several of these at once. */
    SEVERAL,
    /** The group ends. */
    REINIT;

    /** The changes after which the group goes on. */
    static Change ordinary(int number) {
        return values()[number % REINIT.ordinal()];
    }
}
