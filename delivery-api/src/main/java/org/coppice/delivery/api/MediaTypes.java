package org.coppice.delivery.api;

import org.coppice.mls.codec.DecodeLimits;

/** The media types of the contract beside {@code message/mls}, and what their decoders accept. */
public final class MediaTypes {
    /** A {@link CommitBundle}. */
    public static final String COMMIT_BUNDLE = "application/vnd.coppice.commit-bundle";

    /** A {@link LogPage}. */
    public static final String LOG = "application/vnd.coppice.log";

    /** A {@link Problem}, as RFC 9457 has it. */
    public static final String PROBLEM = "application/problem+json";

    /** 64 MiB in a vector, 2^17 entries in a list: more than any service takes in one request by default. */
    public static final DecodeLimits LIMITS = new DecodeLimits(1 << 26, 1 << 17);

    private MediaTypes() {}
}
