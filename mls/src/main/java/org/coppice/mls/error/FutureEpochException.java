package org.coppice.mls.error;

/** A message belongs to an epoch that the group has not reached: a Commit is missing (RFC 9420 §14). */
public final class FutureEpochException extends ValidationException {
    private static final long serialVersionUID = 1L;

    private final long messageEpoch;
    private final long groupEpoch;

    /**
     * @param messageEpoch the epoch that the message names, an unsigned 64-bit number
     * @param groupEpoch the epoch that the group is in, an unsigned 64-bit number
     */
    public FutureEpochException(long messageEpoch, long groupEpoch) {
        super(
                Rule.FUTURE_EPOCH,
                "message of epoch " + Long.toUnsignedString(messageEpoch) + ", group in epoch "
                        + Long.toUnsignedString(groupEpoch));
        this.messageEpoch = messageEpoch;
        this.groupEpoch = groupEpoch;
    }

    /** The epoch that the message names, an unsigned 64-bit number. */
    public long messageEpoch() {
        return messageEpoch;
    }

    /** The epoch that the group is in, an unsigned 64-bit number. */
    public long groupEpoch() {
        return groupEpoch;
    }
}
