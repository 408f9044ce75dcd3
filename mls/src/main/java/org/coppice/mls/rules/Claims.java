package org.coppice.mls.rules;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafNode;

/** The credentials of one message or group that are new, gathered so that the application is asked once (RFC 9420 §5.3.1). */
public final class Claims {
    private final List<IdentityClaim> presented = new ArrayList<>();
    private final List<Succession> successions = new ArrayList<>();

    private record Succession(IdentityClaim previous, IdentityClaim next, Rule rule) {}

    public void add(LeafNode leaf, IdentityClaim.Event event) {
        presented.add(claim(leaf, event));
    }

    public void add(Credential credential, SignaturePublicKey key, IdentityClaim.Event event) {
        presented.add(new IdentityClaim(credential, key, event));
    }

    /** A leaf that takes another's place; nothing new if credential and signature key stay the same. */
    public void replace(LeafNode previous, LeafNode next, IdentityClaim.Event event) {
        if (previous.credential().equals(next.credential())
                && previous.signatureKey().equals(next.signatureKey())) {
            return;
        }
        presented.add(claim(next, event));
        successions.add(
                new Succession(claim(previous, event), claim(next, event), Rule.CREDENTIAL_SUCCESSION_REJECTED));
    }

    /** A joiner that removes what it says is its own old leaf (RFC 9420 §12.2); the new leaf was added already. */
    public void resync(LeafNode previous, LeafNode next) {
        successions.add(new Succession(
                claim(previous, IdentityClaim.Event.COMMIT),
                claim(next, IdentityClaim.Event.COMMIT),
                Rule.EXTERNAL_COMMIT_REMOVE));
    }

    public void addAll(Claims other) {
        presented.addAll(other.presented);
        successions.addAll(other.successions);
    }

    private static IdentityClaim claim(LeafNode leaf, IdentityClaim.Event event) {
        return new IdentityClaim(leaf.credential(), leaf.signatureKey(), event);
    }

    public void judge(CredentialValidator validator) throws ValidationException {
        if (!presented.isEmpty()) {
            validator.validate(List.copyOf(presented));
        }
        for (Succession succession : successions) {
            if (!validator.isSuccessor(succession.previous(), succession.next())) {
                throw new ValidationException(succession.rule());
            }
        }
    }
}
