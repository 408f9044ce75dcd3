package org.coppice.client.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;

/** Which client a leaf is: what the validator takes for its identity has to be the name of a client, or the URI of one. */
final class Names implements CredentialValidator {
    private static final String SCHEME = "coppice:";

    private final CredentialValidator validator;

    Names(CredentialValidator validator) {
        this.validator = validator;
    }

    /** The client that a leaf of a group is. */
    ClientId of(LeafNode leaf) {
        return find(claim(leaf)).orElseThrow(() -> new AssertionError("validate lets no nameless leaf in"));
    }

    /** The client that a leaf says it is, if it names one. */
    Optional<ClientId> find(LeafNode leaf) {
        return find(claim(leaf));
    }

    /** Where a client is in a tree, if it is there. */
    Optional<LeafIndex> leafOf(ClientId client, RatchetTree tree) {
        return tree.members().stream()
                .filter(leaf -> find(tree.leaf(leaf).orElseThrow()).equals(Optional.of(client)))
                .findFirst();
    }

    private static IdentityClaim claim(LeafNode leaf) {
        return new IdentityClaim(leaf.credential(), leaf.signatureKey(), IdentityClaim.Event.JOIN);
    }

    private Optional<ClientId> find(IdentityClaim claim) {
        Bytes identity = validator.identity(claim);
        Optional<ClientId> plain = ClientId.ofIdentity(identity);
        if (plain.isPresent()) {
            return plain;
        }
        String text = new String(identity.toByteArray(), StandardCharsets.UTF_8);
        return text.startsWith(SCHEME)
                ? ClientId.ofIdentity(identity.slice(SCHEME.length(), identity.length() - SCHEME.length()))
                : Optional.empty();
    }

    @Override
    public void validate(List<IdentityClaim> claims) throws ValidationException {
        validator.validate(claims);
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i).event() != IdentityClaim.Event.EXTERNAL_SENDER
                    && find(claims.get(i)).isEmpty()) {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED, "credential " + i + " names no client");
            }
        }
    }

    @Override
    public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
        // A client may change from one type of credential to another as long as it keeps its name.
        return find(previous).equals(find(next));
    }

    @Override
    public Bytes identity(IdentityClaim claim) {
        return find(claim).map(ClientId::identity).orElseGet(() -> validator.identity(claim));
    }
}
