package org.coppice.mls.credential;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ExtensionType;

/**
 * Someone outside the group who may propose changes (RFC 9420 §12.1.8.1).
 *
 * @param signatureKey verifies its proposals
 * @param credential its credential
 */
public record ExternalSender(SignaturePublicKey signatureKey, Credential credential) implements Encodable {
    /** Checks that nothing is missing. */
    public ExternalSender {
        Objects.requireNonNull(signatureKey, "signatureKey");
        Objects.requireNonNull(credential, "credential");
    }

    /** Reads {@code ExternalSender}. */
    public static ExternalSender decode(TlsReader in) throws DecodeException {
        return new ExternalSender(SignaturePublicKey.decode(in), Credential.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(signatureKey).struct(credential);
    }

    /** The external_senders extension with these senders, whose positions are their sender indices. */
    public static Extension toExtension(List<ExternalSender> senders) {
        return new Extension(
                ExtensionType.EXTERNAL_SENDERS, new TlsWriter().list(senders).toBytes());
    }

    /** The same within {@link DecodeLimits#DEFAULT}. */
    public static List<ExternalSender> in(Extensions extensions) throws DecodeException {
        return in(extensions, DecodeLimits.DEFAULT);
    }

    /**
     * The external senders of a GroupContext; none if there is no such extension.
     *
     * @throws DecodeException if the extension's data are malformed or exceed {@code limits}
     */
    public static List<ExternalSender> in(Extensions extensions, DecodeLimits limits) throws DecodeException {
        Bytes data = extensions.find(ExtensionType.EXTERNAL_SENDERS).orElse(null);
        if (data == null) {
            return List.of();
        }
        Decoder<List<ExternalSender>> decoder = in -> in.list(ExternalSender::decode);
        return decoder.decodeAll(data, limits);
    }
}
