package org.coppice.mls.framing;

import java.util.Locale;

/**
 * The media type of an {@link MlsMessage}, for HTTP and the like (RFC 9420 §17.10).
 *
 * <p>Its optional parameter {@code version} is a hint to those who do not look inside. It counts for nothing where it disagrees with
 * the version in the message, and so decoding never asks for it.
 */
public final class MediaType {
    /** The type without a parameter, which means version 1.0. */
    public static final String MESSAGE = "message/mls";

    private MediaType() {}

    /**
     * Whether a Content-Type announces an MLS message, of whatever version.
     *
     * @param contentType a media type, perhaps with parameters
     */
    public static boolean isMessage(String contentType) {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        // RFC 2045: the names of types ignore case.
        return type.strip().toLowerCase(Locale.ROOT).equals(MESSAGE);
    }
}
