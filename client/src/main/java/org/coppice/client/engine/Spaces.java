package org.coppice.client.engine;

import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/** Where the client's records are. */
final class Spaces {
    /** The account itself. */
    static final Space ACCOUNT = Space.named("account", Bytes.EMPTY);
    /** Identities that this client has or had, by signature key. */
    static final Space IDENTITIES = Space.named("identity", Bytes.EMPTY);
    /** Conversations, by group id. */
    static final Space CONVERSATIONS = Space.named("conversation", Bytes.EMPTY);
    /** What is on its way, by group id. */
    static final Space OUTGOING = Space.named("outgoing", Bytes.EMPTY);
    /** Key packages with their private keys, by reference. */
    static final Space KEY_PACKAGES = Space.named("key-package", Bytes.EMPTY);
    /** Reports of entries that could not be processed, by group id. */
    static final Space REPORTS = Space.named("report", Bytes.EMPTY);
    /** Keys that the user has compared. */
    static final Space VERIFIED = Space.named("verified", Bytes.EMPTY);

    private Spaces() {}

    /** The number that is all of a record. */
    static long number(byte[] stored) {
        try {
            return Space.number(Bytes.wrap(stored));
        } catch (IllegalArgumentException e) {
            throw new StoreException(StoreException.Reason.DAMAGED, "a number cannot be read", e);
        }
    }

    /** The records of a group's MLS state. */
    static Space group(Bytes groupId) {
        return Space.named("group", groupId);
    }

    /** The records of the state that an external Commit on its way leads to. */
    static Space candidate(Bytes groupId) {
        return Space.named("candidate", groupId);
    }

    /** What the user asked for and is not done. */
    static Space wishes(Bytes groupId) {
        return Space.sequence("wish", groupId);
    }

    /** The history, by the numbers of the log. */
    static Space history(Bytes groupId) {
        return Space.sequence("history", groupId);
    }

    /** Entries of epochs not reached yet, by the numbers of the log. */
    static Space early(Bytes groupId) {
        return Space.sequence("early", groupId);
    }

    /** The epochs that have spaces of their own, by their numbers. */
    static Space epochs(Bytes groupId) {
        return Space.sequence("epoch", groupId);
    }

    /** Ids of the messages of an epoch. */
    static Space seen(Bytes groupId, long epoch) {
        return Space.named(
                "seen", new TlsWriter(64).vector(groupId).uint64(epoch).toBytes());
    }

    /** How far the generations of each sender of an epoch were read. */
    static Space generations(Bytes groupId, long epoch) {
        return Space.named(
                "generation", new TlsWriter(64).vector(groupId).uint64(epoch).toBytes());
    }
}
