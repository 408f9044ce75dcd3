package org.coppice.mls.group;

import java.util.List;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafIndex;

/** Finds the leaf that a client had before it lost its state (RFC 9420 §12.4.3.2). */
final class OwnLeaf {
    private OwnLeaf() {}

    /**
     * The leaf with the client's signature key, else the only one that the validator lets it replace.
     *
     * @throws ValidationException if there is none or more than one ({@link Rule#EXTERNAL_COMMIT_REMOVE})
     */
    static LeafIndex in(GroupState state, MlsClient client) throws ValidationException {
        SignaturePublicKey key = client.signer().publicKey();
        List<Member> roster = state.roster();
        // §7.3: no two members have the same signature key.
        List<Member> found = roster.stream()
                .filter(member -> member.leafNode().signatureKey().equals(key))
                .toList();
        if (found.isEmpty()) {
            CredentialValidator validator = client.environment().validator();
            IdentityClaim own = new IdentityClaim(client.credential(), key, IdentityClaim.Event.COMMIT);
            found = roster.stream()
                    .filter(member -> validator.isSuccessor(claim(member), own))
                    .toList();
        }
        if (found.size() != 1) {
            throw new ValidationException(Rule.EXTERNAL_COMMIT_REMOVE, found.size() + " leaves are this client's");
        }
        return found.get(0).leafIndex();
    }

    private static IdentityClaim claim(Member member) {
        return new IdentityClaim(member.credential(), member.leafNode().signatureKey(), IdentityClaim.Event.COMMIT);
    }
}
