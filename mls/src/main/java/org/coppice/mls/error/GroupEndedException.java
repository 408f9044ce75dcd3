package org.coppice.mls.error;

/** The group takes no more: this client was removed, or the group was reinitialized (RFC 9420 §12.4.2). */
public final class GroupEndedException extends ValidationException {
    private static final long serialVersionUID = 1L;

    /** Says so for {@link Rule#GROUP_ENDED}. */
    public GroupEndedException() {
        super(Rule.GROUP_ENDED);
    }
}
