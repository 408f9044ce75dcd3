package org.coppice.mls.credential;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;

/**
 * The content of the required_capabilities extension of a GroupContext (RFC 9420 §11.1).
 *
 * @param extensionTypes extensions that every member supports
 * @param proposalTypes proposals that every member supports
 * @param credentialTypes credentials that every member supports
 */
public record RequiredCapabilities(
        List<ExtensionType> extensionTypes, List<ProposalType> proposalTypes, List<CredentialType> credentialTypes)
        implements Encodable {
    /** Copies the lists. */
    public RequiredCapabilities {
        extensionTypes = List.copyOf(extensionTypes);
        proposalTypes = List.copyOf(proposalTypes);
        credentialTypes = List.copyOf(credentialTypes);
    }

    /** Reads {@code RequiredCapabilities}. */
    public static RequiredCapabilities decode(TlsReader in) throws DecodeException {
        return new RequiredCapabilities(
                in.list(ExtensionType::decode), in.list(ProposalType::decode), in.list(CredentialType::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(extensionTypes).list(proposalTypes).list(credentialTypes);
    }

    /** The extension that carries this. */
    public Extension toExtension() {
        return new Extension(ExtensionType.REQUIRED_CAPABILITIES, Bytes.wrap(encoded()));
    }

    /** The same within {@link DecodeLimits#DEFAULT}. */
    public static Optional<RequiredCapabilities> in(Extensions extensions) throws DecodeException {
        return in(extensions, DecodeLimits.DEFAULT);
    }

    /**
     * The required capabilities among the extensions of a GroupContext, if there are any.
     *
     * @throws DecodeException if the extension's data are malformed or exceed {@code limits}
     */
    public static Optional<RequiredCapabilities> in(Extensions extensions, DecodeLimits limits) throws DecodeException {
        Optional<Bytes> data = extensions.find(ExtensionType.REQUIRED_CAPABILITIES);
        if (data.isEmpty()) {
            return Optional.empty();
        }
        Decoder<RequiredCapabilities> decoder = RequiredCapabilities::decode;
        return Optional.of(decoder.decodeAll(data.get(), limits));
    }
}
