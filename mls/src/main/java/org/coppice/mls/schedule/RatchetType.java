package org.coppice.mls.schedule;

/** The two ratchets of each sender (RFC 9420 §9). */
public enum RatchetType {
    /** For proposals and commits. */
    HANDSHAKE("handshake"),
    /** For application data. */
    APPLICATION("application");

    private final String label;

    RatchetType(String label) {
        this.label = label;
    }

    /** The label that derives the ratchet's first secret from that of the leaf. */
    String label() {
        return label;
    }

    /** The number that stands for it in keys of records: 0 or 1. */
    public int code() {
        return ordinal();
    }
}
