package org.coppice.mls.tree;

import java.util.List;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * What a client supports (RFC 9420 §7.2). Default extension and proposal types count as supported whether listed or not.
 *
 * @param versions protocol versions
 * @param cipherSuites cipher suites
 * @param extensions extension types other than the defaults
 * @param proposals proposal types other than the defaults
 * @param credentials credential types, which have no defaults
 */
public record Capabilities(
        List<ProtocolVersion> versions,
        List<CipherSuite> cipherSuites,
        List<ExtensionType> extensions,
        List<ProposalType> proposals,
        List<CredentialType> credentials)
        implements Encodable {
    /** Copies the lists. */
    public Capabilities {
        versions = List.copyOf(versions);
        cipherSuites = List.copyOf(cipherSuites);
        extensions = List.copyOf(extensions);
        proposals = List.copyOf(proposals);
        credentials = List.copyOf(credentials);
    }

    /** Reads {@code Capabilities}. */
    public static Capabilities decode(TlsReader in) throws DecodeException {
        return new Capabilities(
                in.list(ProtocolVersion::decode),
                in.list(CipherSuite::decode),
                in.list(ExtensionType::decode),
                in.list(ProposalType::decode),
                in.list(CredentialType::decode));
    }

    /** Reads over {@code Capabilities}, checking their form without building them. */
    static void check(TlsReader in) throws DecodeException {
        for (int list = 0; list < 5; list++) {
            TlsReader codePoints = in.sub();
            for (int count = 0; codePoints.remaining() > 0; count++) {
                if (count == in.limits().maxListEntries()) {
                    throw codePoints.error(Rule.SIZE_LIMIT, "a list of more than " + count + " entries");
                }
                codePoints.uint16();
            }
        }
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(versions).list(cipherSuites).list(extensions).list(proposals).list(credentials);
    }

    /** Whether the version is listed. */
    public boolean supports(ProtocolVersion version) {
        return versions.contains(version);
    }

    /** Whether the suite is listed. */
    public boolean supports(CipherSuite suite) {
        return cipherSuites.contains(suite);
    }

    /** Whether the extension type is a default or listed. */
    public boolean supports(ExtensionType type) {
        return type.isDefault() || extensions.contains(type);
    }

    /** Whether the proposal type is a default or listed. */
    public boolean supports(ProposalType type) {
        return type.isDefault() || proposals.contains(type);
    }

    /** Whether the credential type is listed. */
    public boolean supports(CredentialType type) {
        return credentials.contains(type);
    }

    /** Whether everything in {@code required} is supported (RFC 9420 §11.1). */
    public boolean satisfies(RequiredCapabilities required) {
        return required.extensionTypes().stream().allMatch(this::supports)
                && required.proposalTypes().stream().allMatch(this::supports)
                && required.credentialTypes().stream().allMatch(this::supports);
    }

    /** The same without default extension and proposal types, which no sender lists (RFC 9420 §7.2). */
    public Capabilities withoutDefaults() {
        return new Capabilities(
                versions,
                cipherSuites,
                extensions.stream().filter(type -> !type.isDefault()).toList(),
                proposals.stream().filter(type -> !type.isDefault()).toList(),
                credentials);
    }

    /** The same without GREASE values, for comparisons (RFC 9420 §13.5). */
    public Capabilities withoutGrease() {
        return new Capabilities(
                versions,
                cipherSuites.stream()
                        .filter(x -> !CodePoints.isGrease(x.value()))
                        .toList(),
                extensions.stream().filter(x -> !CodePoints.isGrease(x.value())).toList(),
                proposals.stream().filter(x -> !CodePoints.isGrease(x.value())).toList(),
                credentials.stream()
                        .filter(x -> !CodePoints.isGrease(x.value()))
                        .toList());
    }
}
