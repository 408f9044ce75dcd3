package org.coppice.mls.group;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafNode;

/**
 * What a member changes of its own leaf, besides the encryption key, in an Update or a Commit (RFC 9420 §7.5).
 *
 * @param signer a new signature key; the present one where empty
 * @param credential a new credential; the present one where empty
 * @param capabilities new capabilities; the present ones where empty
 * @param extensions new leaf extensions; the present ones where empty
 */
public record LeafUpdate(
        Optional<Signer> signer,
        Optional<Credential> credential,
        Optional<Capabilities> capabilities,
        Optional<Extensions> extensions) {
    /** A fresh encryption key and nothing else. */
    public static final LeafUpdate KEY_ONLY =
            new LeafUpdate(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks that nothing is missing. */
    public LeafUpdate {
        Objects.requireNonNull(signer, "signer");
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(capabilities, "capabilities");
        Objects.requireNonNull(extensions, "extensions");
    }

    /** This update with a new signature key. */
    public LeafUpdate withSigner(Signer value) {
        return new LeafUpdate(Optional.of(value), credential, capabilities, extensions);
    }

    /** This update with a new credential. */
    public LeafUpdate withCredential(Credential value) {
        return new LeafUpdate(signer, Optional.of(value), capabilities, extensions);
    }

    /** This update with new capabilities. */
    public LeafUpdate withCapabilities(Capabilities value) {
        return new LeafUpdate(signer, credential, Optional.of(value), extensions);
    }

    /** This update with new leaf extensions. */
    public LeafUpdate withExtensions(Extensions value) {
        return new LeafUpdate(signer, credential, capabilities, Optional.of(value));
    }

    LeafNode.Content applyTo(LeafNode leaf) {
        Extensions nextExtensions = extensions.orElse(leaf.extensions());
        // §7.2: no defaults are listed; GREASE that the leaf carries is, though the application does not know of it.
        Capabilities nextCapabilities = Grease.listing(
                capabilities.orElse(leaf.capabilities()).withoutDefaults(),
                nextExtensions.types().stream()
                        .filter(type -> CodePoints.isGrease(type.value()))
                        .toList());
        return new LeafNode.Content(
                signer.map(Signer::publicKey).orElse(leaf.signatureKey()),
                credential.orElse(leaf.credential()),
                nextCapabilities,
                nextExtensions);
    }
}
