package org.coppice.delivery.engine;

/** Where the two databases differ in SQL. */
public enum Dialect {
    /** SQLite: one writer at a time, so rows need no locks. */
    SQLITE("BLOB", "", "", ""),
    /** PostgreSQL: rows are locked by those who are about to change them. */
    POSTGRESQL("BYTEA", " FOR UPDATE", " FOR UPDATE SKIP LOCKED", " FOR KEY SHARE");

    private final String bytesType;
    private final String forUpdate;
    private final String skipLocked;
    private final String forKeyShare;

    Dialect(String bytesType, String forUpdate, String skipLocked, String forKeyShare) {
        this.bytesType = bytesType;
        this.forUpdate = forUpdate;
        this.skipLocked = skipLocked;
        this.forKeyShare = forKeyShare;
    }

    /** The type of columns that hold bytes. */
    String bytesType() {
        return bytesType;
    }

    /** Ends a SELECT whose rows this transaction will change: it waits for others who do. */
    public String forUpdate() {
        return forUpdate;
    }

    /** Ends a SELECT whose rows this transaction will change, passing over those that others are changing. */
    public String skipLocked() {
        return skipLocked;
    }

    /** Ends a SELECT whose rows nobody is to delete before this transaction ends; they may be changed. */
    public String forKeyShare() {
        return forKeyShare;
    }
}
