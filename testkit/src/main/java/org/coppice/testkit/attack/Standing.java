package org.coppice.testkit.attack;

import org.coppice.mls.credential.CredentialValidator;

/** Where who has a stolen signature key stands when he does a {@link Deed}, and whether it comes off. */
public enum Standing {
    MEMBER(
            "an application message, a proposal or a Commit of the member, in an epoch that he reads and in which the stolen key is still"
                    + " the member's",
            true),
    STRANGER("the same in any other epoch", false),
    VOUCHED_FOR(
            "an external Commit that takes the member's place or brings it back, or a key package of the member, to somebody whose"
                    + " `CredentialValidator` accepts the stolen key",
            true),
    WITHDRAWN(
            "the same to somebody whose `CredentialValidator` refuses it, as it is to be when the key was replaced",
            false);

    private final String description;
    private final boolean succeeds;

    Standing(String description, boolean succeeds) {
        this.description = description;
        this.succeeds = succeeds;
    }

    /** In words, for a table. */
    public String description() {
        return description;
    }

    /** Whether he is taken for the member. */
    public boolean succeeds() {
        return succeeds;
    }

    /** By the story alone. */
    static Standing of(Deed deed, Witness witness, CredentialValidator validator, Life life) {
        Theft theft = life.theft();
        if (!deed.isAsMember()) {
            boolean refused =
                    validator == witness.withdrawn() && witness.withdrawn().contains(theft.signatureKey());
            return refused ? WITHDRAWN : VOUCHED_FOR;
        }
        boolean isKey = witness.state().roster().stream()
                .anyMatch(member -> member.leafNode().signatureKey().equals(theft.signatureKey()));
        boolean reads = Fate.afterTheft(witness.state().epoch(), life).isReadable();
        return isKey && reads ? MEMBER : STRANGER;
    }
}
