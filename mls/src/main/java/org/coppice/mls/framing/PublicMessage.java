package org.coppice.mls.framing;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A signed message in the clear (RFC 9420 §6.2).
 *
 * @param authenticated the signed content, of wire format mls_public_message
 * @param membershipTag proves that the sender is a member; present exactly for member senders
 */
public record PublicMessage(AuthenticatedContent authenticated, Optional<Bytes> membershipTag)
        implements MlsMessage.Body {
    /** Checks that the tag is there exactly for a member, and that the content may travel like this. */
    public PublicMessage {
        Objects.requireNonNull(membershipTag, "membershipTag");
        if (authenticated.wireFormat() != WireFormat.PUBLIC_MESSAGE) {
            throw new IllegalArgumentException("the content was signed for another wire format");
        }
        if (membershipTag.isPresent() != authenticated.content().sender() instanceof Sender.Member) {
            throw new IllegalArgumentException("membership_tag must be present exactly for member senders");
        }
        if (authenticated.content().content().type() == ContentType.APPLICATION) {
            throw new IllegalArgumentException("application data must travel as PrivateMessage");
        }
    }

    /**
     * Protects signed content.
     *
     * @param groupContext the encoded GroupContext of the epoch in which it is sent
     * @param membershipTag computes the MAC of its argument with the membership key of that epoch; asked for members only
     */
    public static PublicMessage protect(
            AuthenticatedContent authenticated, Bytes groupContext, Function<Bytes, Bytes> membershipTag) {
        if (!(authenticated.content().sender() instanceof Sender.Member)) {
            return new PublicMessage(authenticated, Optional.empty());
        }
        return new PublicMessage(
                authenticated, Optional.of(membershipTag.apply(authenticated.toBeMaced(groupContext))));
    }

    /** What the membership tag covers, with the encoded GroupContext of the epoch (RFC 9420 §6.2). */
    public Bytes membershipTagInput(Bytes groupContext) {
        return authenticated.toBeMaced(groupContext);
    }

    /** Reads {@code PublicMessage}. */
    public static PublicMessage decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        FramedContent content = FramedContent.decode(in);
        if (content.content().type() == ContentType.APPLICATION) {
            throw AuthenticatedContent.applicationInPublicMessage(start);
        }
        AuthenticatedContent authenticated = AuthenticatedContent.decodeAuth(WireFormat.PUBLIC_MESSAGE, content, in);
        Optional<Bytes> tag = content.sender() instanceof Sender.Member ? Optional.of(in.vector()) : Optional.empty();
        return new PublicMessage(authenticated, tag);
    }

    @Override
    public WireFormat wireFormat() {
        return WireFormat.PUBLIC_MESSAGE;
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(authenticated.content());
        authenticated.encodeAuthTo(out);
        membershipTag.ifPresent(out::vector);
    }
}
