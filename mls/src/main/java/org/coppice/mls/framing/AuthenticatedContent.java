package org.coppice.mls.framing;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * Framed content with its signature and, for a Commit, its confirmation tag (RFC 9420 §6, §6.1). Nothing of it is verified:
 * {@link #verify} gives the type that is.
 *
 * @param wireFormat how it travels, which the signature covers
 * @param content the content
 * @param signature the sender's signature
 * @param confirmationTag the confirmation tag, present exactly for a Commit that is complete
 */
public record AuthenticatedContent(
        WireFormat wireFormat, FramedContent content, Bytes signature, Optional<Bytes> confirmationTag)
        implements Encodable {
    private static final String LABEL = "FramedContentTBS";

    /** Checks that nothing is missing. */
    public AuthenticatedContent {
        Objects.requireNonNull(wireFormat, "wireFormat");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(confirmationTag, "confirmationTag");
    }

    /** Reads {@code AuthenticatedContent}. */
    public static AuthenticatedContent decode(TlsReader in) throws DecodeException {
        WireFormat wireFormat = WireFormat.decode(in);
        FramedContent content = FramedContent.decode(in);
        return decodeAuth(wireFormat, content, in);
    }

    /** Reads {@code FramedContentAuthData} behind its content. */
    static AuthenticatedContent decodeAuth(WireFormat wireFormat, FramedContent content, TlsReader in)
            throws DecodeException {
        Bytes signature = in.vector();
        Optional<Bytes> confirmationTag =
                content.content().type() == ContentType.COMMIT ? Optional.of(in.vector()) : Optional.empty();
        return new AuthenticatedContent(wireFormat, content, signature, confirmationTag);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(wireFormat).struct(content);
        encodeAuthTo(out);
    }

    /** How many bytes the plaintext of a PrivateMessage has before padding. */
    public int encodedLength() {
        return content.encodedContent().length() + authLength();
    }

    /** How many bytes {@code FramedContentAuthData} takes. */
    private int authLength() {
        return TlsWriter.vectorLength(signature.length())
                + confirmationTag
                        .map(tag -> TlsWriter.vectorLength(tag.length()))
                        .orElse(0);
    }

    /** Appends {@code FramedContentAuthData}. */
    void encodeAuthTo(TlsWriter out) {
        out.vector(signature);
        confirmationTag.ifPresent(out::vector);
    }

    /**
     * Signs {@code content} (label "FramedContentTBS"); a Commit still needs {@link #withConfirmationTag}.
     *
     * @param groupContext the encoded GroupContext of the epoch in which it is sent
     * @throws CryptoException if the signer does not perform the operation
     */
    public static AuthenticatedContent sign(
            WireFormat wireFormat, FramedContent content, Bytes groupContext, SuiteCrypto crypto, Signer signer)
            throws CryptoException {
        Bytes signature = crypto.signWithLabel(signer, LABEL, toBeSigned(wireFormat, content, groupContext));
        return new AuthenticatedContent(wireFormat, content, signature, Optional.empty());
    }

    /** The same with the confirmation tag of the epoch that the Commit begins. */
    public AuthenticatedContent withConfirmationTag(Bytes tag) {
        return new AuthenticatedContent(wireFormat, content, signature, Optional.of(tag));
    }

    /**
     * Verifies the signature.
     *
     * @param key the key that the sender's type designates (RFC 9420 §6.1)
     * @param groupContext the encoded GroupContext of the epoch in which it was sent
     * @return this content, or empty if the signature is not one of {@code key}
     */
    public Optional<VerifiedContent> verify(SignaturePublicKey key, Bytes groupContext, SuiteCrypto crypto) {
        Bytes signed = toBeSigned(wireFormat, content, groupContext);
        return crypto.verifyWithLabel(key, LABEL, signed, signature)
                ? Optional.of(new VerifiedContent(this))
                : Optional.empty();
    }

    /** FramedContentTBS. */
    private static Bytes toBeSigned(WireFormat wireFormat, FramedContent content, Bytes groupContext) {
        TlsWriter out = new TlsWriter(4 + content.length() + groupContext.length());
        out.struct(ProtocolVersion.MLS10).struct(wireFormat).struct(content);
        return (content.sender().signsGroupContext() ? out.raw(groupContext) : out).finishBytes();
    }

    /** AuthenticatedContentTBM: what the membership tag covers (RFC 9420 §6.2). */
    Bytes toBeMaced(Bytes groupContext) {
        Bytes signed = toBeSigned(wireFormat, content, groupContext);
        TlsWriter out = new TlsWriter(signed.length() + authLength()).raw(signed);
        encodeAuthTo(out);
        return out.finishBytes();
    }

    /** The part of a Commit that enters the confirmed transcript hash (RFC 9420 §8.2). */
    public Bytes confirmedTranscriptHashInput() {
        return new TlsWriter(2 + content.length() + TlsWriter.vectorLength(signature.length()))
                .struct(wireFormat)
                .struct(content)
                .vector(signature)
                .finishBytes();
    }

    /** The reference by which a Commit may name the proposal that this carries (RFC 9420 §5.2). */
    public ProposalRef proposalRef(SuiteCrypto crypto) {
        return ProposalRef.of(SuiteCrypto.encode(this), crypto);
    }

    static DecodeException applicationInPublicMessage(int offset) {
        return new DecodeException(
                Rule.APPLICATION_IN_PUBLIC_MESSAGE, offset, Rule.APPLICATION_IN_PUBLIC_MESSAGE.description());
    }
}
