package org.coppice.mls.group;

import java.util.HashSet;
import java.util.List;
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
import org.coppice.mls.tree.LeafNode;

/** Creates the groups that continue another one (RFC 9420 §11.2, §11.3). */
final class SuccessorMaker {
    private SuccessorMaker() {}

    static Successor branch(MemberState old, MlsClient client, Bytes groupId, List<KeyPackage> keyPackages)
            throws MlsException {
        old.requireActive();
        if (!client.crypto().suite().equals(old.crypto.suite())) {
            throw new IllegalArgumentException("a subgroup has the cipher suite of its group");
        }
        // §11.3: the subgroup's members are members of the group.
        if (!members(old).containsAll(identities(client, keyPackages, old.environment.validator()))) {
            throw new ValidationException(Rule.BRANCH_MEMBERS);
        }
        Extensions extensions = old.state.context().extensions();
        return begin(old, client, groupId, extensions, keyPackages, CommitKind.BRANCH_FIRST, ResumptionPskUsage.BRANCH);
    }

    static Successor reinitialize(MemberState old, MlsClient client, List<KeyPackage> keyPackages) throws MlsException {
        old.requireOpen();
        Proposal.ReInit reInit = old.reInit.orElseThrow(
                () -> new IllegalStateException("the group was not reinitialized: commit a ReInit first"));
        if (!client.crypto().suite().equals(reInit.cipherSuite())) {
            throw new IllegalArgumentException("the ReInit names cipher suite " + reInit.cipherSuite());
        }
        // §11.2: the new group has the version of the ReInit, and this library makes groups of one version only.
        if (!reInit.version().equals(ProtocolVersion.MLS10)) {
            throw new IllegalStateException("the ReInit names protocol version " + reInit.version());
        }
        // §11.2: the new group has the members of the old one.
        if (!identities(client, keyPackages, old.environment.validator()).containsAll(members(old))) {
            throw new ValidationException(Rule.REINIT_MEMBERS);
        }
        return begin(
                old,
                client,
                reInit.groupId(),
                reInit.extensions(),
                keyPackages,
                CommitKind.REINIT_FIRST,
                ResumptionPskUsage.REINIT);
    }

    private static Set<Bytes> members(MemberState old) {
        return new Resumption(old.environment.validator()).identities(old.state.tree());
    }

    private static Set<Bytes> identities(
            MlsClient client, List<KeyPackage> keyPackages, CredentialValidator validator) {
        Set<Bytes> out = new HashSet<>();
        out.add(validator.identity(
                new IdentityClaim(client.credential(), client.signer().publicKey(), IdentityClaim.Event.KEY_PACKAGE)));
        for (KeyPackage keyPackage : keyPackages) {
            LeafNode leaf = keyPackage.leafNode();
            out.add(validator.identity(
                    new IdentityClaim(leaf.credential(), leaf.signatureKey(), IdentityClaim.Event.KEY_PACKAGE)));
        }
        return out;
    }

    private static Successor begin(
            MemberState old,
            MlsClient client,
            Bytes groupId,
            Extensions extensions,
            List<KeyPackage> keyPackages,
            CommitKind kind,
            ResumptionPskUsage usage)
            throws MlsException {
        MemberState fresh = client.create(groupId, extensions);
        fresh.predecessor = Optional.of(old);
        boolean done = false;
        try {
            StagedCommit commit = new CommitBuilder(fresh, kind)
                    .addAll(keyPackages)
                    .psk(usage, old.state.groupId(), old.state.epoch())
                    .build();
            done = true;
            return new Successor(new Group(fresh), commit);
        } finally {
            if (!done) {
                fresh.write(org.coppice.mls.state.StateChange.builder(groupId).deleteGroup());
                fresh.close();
            }
        }
    }
}
