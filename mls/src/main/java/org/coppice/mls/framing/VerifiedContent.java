package org.coppice.mls.framing;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * Content whose signature was verified: only {@link AuthenticatedContent#verify} makes one. Whether a Commit's confirmation tag
 * is right shows in the next epoch only.
 */
public final class VerifiedContent {
    private final AuthenticatedContent authenticated;

    VerifiedContent(AuthenticatedContent authenticated) {
        this.authenticated = Objects.requireNonNull(authenticated, "authenticated");
    }

    /** The content with its signature. */
    public AuthenticatedContent authenticated() {
        return authenticated;
    }

    /** The content with its frame. */
    public FramedContent framed() {
        return authenticated.content();
    }

    /** The content. */
    public Content content() {
        return framed().content();
    }

    /** Who sent it. */
    public Sender sender() {
        return framed().sender();
    }

    /** The confirmation tag of a Commit. */
    public Optional<Bytes> confirmationTag() {
        return authenticated.confirmationTag();
    }

    @Override
    public String toString() {
        return "VerifiedContent[" + framed() + "]";
    }
}
