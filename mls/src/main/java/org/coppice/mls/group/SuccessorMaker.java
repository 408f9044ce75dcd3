package org.coppice.mls.group;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.rules.CommitKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafNode;

/** Creates the groups that continue another one (RFC 9420 §11.2, §11.3). */
final class SuccessorMaker {
    private SuccessorMaker() {}

    static Successor branch(MemberState old, Bytes groupId, SuccessorRequest request) throws MlsException {
        old.requireActive();
        MlsClient client = request.client();
        if (!client.crypto().suite().equals(old.crypto.suite())) {
            throw new IllegalArgumentException("a subgroup has the cipher suite of its group");
        }
        // §11.3: the subgroup's members are members of the group.
        if (!members(old).containsAll(identities(request, old.environment.validator()))) {
            throw new ValidationException(Rule.BRANCH_MEMBERS);
        }
        Extensions extensions =
                request.extensions().orElseGet(() -> old.state.context().extensions());
        MemberState fresh = client.create(groupId, extensions);
        return begin(old, fresh, request, CommitKind.BRANCH_FIRST, ResumptionPskUsage.BRANCH);
    }

    static Successor reinitialize(MemberState old, SuccessorRequest request) throws MlsException {
        old.requireOpen();
        MlsClient client = request.client();
        Proposal.ReInit reInit = old.reInit.orElseThrow(
                () -> new IllegalStateException("the group was not reinitialized: commit a ReInit first"));
        if (!client.crypto().suite().equals(reInit.cipherSuite())) {
            throw new IllegalArgumentException("the ReInit names cipher suite " + reInit.cipherSuite());
        }
        // §11.2: the new group has the version of the ReInit, and this library makes groups of one version only.
        if (!reInit.version().equals(ProtocolVersion.MLS10)) {
            throw new IllegalStateException("the ReInit names protocol version " + reInit.version());
        }
        if (request.extensions().isPresent()) {
            throw new IllegalArgumentException("the new group has the extensions of the ReInit");
        }
        // §11.2: the new group has the members of the old one.
        if (!identities(request, old.environment.validator()).containsAll(members(old))) {
            throw new ValidationException(Rule.REINIT_MEMBERS);
        }
        MemberState fresh = client.create(reInit.groupId(), reInit.extensions());
        return begin(old, fresh, request, CommitKind.REINIT_FIRST, ResumptionPskUsage.REINIT);
    }

    private static Set<Bytes> members(MemberState old) {
        return new Resumption(old.environment.validator()).identities(old.state.tree());
    }

    private static Set<Bytes> identities(SuccessorRequest request, CredentialValidator validator) {
        Set<Bytes> out = new HashSet<>();
        MlsClient client = request.client();
        out.add(validator.identity(
                new IdentityClaim(client.credential(), client.signer().publicKey(), IdentityClaim.Event.KEY_PACKAGE)));
        for (KeyPackage keyPackage : request.keyPackages()) {
            LeafNode leaf = keyPackage.leafNode();
            out.add(validator.identity(
                    new IdentityClaim(leaf.credential(), leaf.signatureKey(), IdentityClaim.Event.KEY_PACKAGE)));
        }
        return out;
    }

    /** Takes over {@code fresh}, the new group in epoch 0. */
    private static Successor begin(
            MemberState old, MemberState fresh, SuccessorRequest request, CommitKind kind, ResumptionPskUsage usage)
            throws MlsException {
        fresh.predecessor = Optional.of(old);
        boolean done = false;
        try {
            StagedCommit commit = request.apply(new CommitBuilder(fresh, kind))
                    .psk(usage, old.state.groupId(), old.state.epoch())
                    .build();
            done = true;
            return new Successor(new Group(fresh), commit);
        } finally {
            if (!done) {
                try {
                    fresh.write(StateChange.builder(fresh.state.groupId()).deleteGroup());
                } finally {
                    fresh.close();
                }
            }
        }
    }
}
