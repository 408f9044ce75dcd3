package org.coppice.mls.group;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.rules.CommitChecker;
import org.coppice.mls.rules.PublicTransition;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.MergedPath;
import org.coppice.mls.tree.TreePrivateKeys;

/** Stages a Commit that another client made (RFC 9420 §12.4.2): all checks, and the next epoch beside the present one. */
final class CommitReceiver {
    private final MemberState member;
    private final CommitChecker checker;

    CommitReceiver(MemberState member) {
        this.member = member;
        this.checker = new CommitChecker(member.environment, member.crypto);
    }

    Received stage(VerifiedContent content, Optional<StagedCommit.Origin.UsedKey> usedKey) throws MlsException {
        CommitChecker.Checked checked = checker.check(content, member.state, member.proposals);
        StagedCommit.Origin origin = new StagedCommit.Origin.Received(usedKey);
        LeafIndex self = member.ownLeaf();
        StagedCommit staged = checked.transition().removes(self)
                ? removal(checked, content, origin)
                : enter(checked, content, origin);
        return new Received.CommitStaged(staged, content.framed().authenticatedData());
    }

    /** §12.4.2: a Commit that removes the receiver ends with the checks; no path secret is meant for it. */
    private StagedCommit removal(CommitChecker.Checked checked, VerifiedContent content, StagedCommit.Origin origin) {
        GroupState next = PublicTransition.nextState(member.state, checked, content, member.crypto);
        return new StagedCommit(member.state, next, checked.effects(member.ownLeaf()), origin);
    }

    private StagedCommit enter(CommitChecker.Checked checked, VerifiedContent content, StagedCommit.Origin origin)
            throws MlsException {
        try (OwnKeys own = ownKeys(checked);
                PskSecret psk = member.pskLookup().secretOf(checked.transition().psks(), member.crypto)) {
            AfterPath path = processPath(checked, own.keys());
            try (CommitSecret commitSecret = path.commitSecret()) {
                Entered entered = derive(checked, content, commitSecret, psk);
                return new StagedCommit(member.state, entered.state(), checked.effects(member.ownLeaf()), origin)
                        .withSecrets(entered.secrets(), path.keys(), own.signer(), member.groupInfos);
            } catch (MlsException | RuntimeException e) {
                path.keys().close();
                throw e;
            }
        }
    }

    /** The private keys of the new epoch, and the commit_secret. */
    private record AfterPath(TreePrivateKeys keys, CommitSecret commitSecret) {}

    private AfterPath processPath(CommitChecker.Checked checked, TreePrivateKeys before) throws MlsException {
        if (checked.path().isEmpty()) {
            return new AfterPath(before.retain(checked.tree()), CommitSecret.none(member.crypto));
        }
        Bytes context = SuiteCrypto.encode(checked.provisional());
        MergedPath.Decrypted decrypted = checked.path().get().decrypt(before, context);
        return new AfterPath(decrypted.next(), CommitSecret.wrap(decrypted.commitSecret()));
    }

    /** The new epoch with its secrets. */
    private record Entered(GroupState state, EpochSecrets secrets) {}

    private Entered derive(
            CommitChecker.Checked checked, VerifiedContent content, CommitSecret commitSecret, PskSecret psk)
            throws MlsException {
        Optional<Proposal.ExternalInit> externalInit = checked.transition().externalInit();
        InitSecret init = externalInit.isPresent()
                ? InitSecret.wrap(externalInitSecret(externalInit.get()))
                : member.keys.secrets().initSecret();
        try (NextEpoch next = NextEpoch.derive(
                member.state,
                checked.provisional(),
                checked.tree(),
                content.authenticated(),
                new NextEpoch.Inputs(init, commitSecret, psk),
                member.crypto)) {
            // §12.4.2: only who computed the same secrets knows the tag.
            next.secrets()
                    .verifyConfirmationTag(
                            next.state().context().confirmedTranscriptHash(),
                            content.confirmationTag().orElseThrow());
            return new Entered(next.state(), next.takeSecrets());
        } finally {
            if (externalInit.isPresent()) {
                init.close();
            }
        }
    }

    private Secret externalInitSecret(Proposal.ExternalInit proposal) throws CryptoException {
        return member.crypto.externalInit(member.keys.secrets().externalKeyPair(), proposal.kemOutput());
    }

    /**
     * The private keys with which the Commit is processed, and who signs in the new epoch.
     *
     * @param isCopy whether the keys are this object's, not those of the present epoch
     */
    private record OwnKeys(TreePrivateKeys keys, Signer signer, boolean isCopy) implements AutoCloseable {
        @Override
        public void close() {
            if (isCopy) {
                keys.close();
            }
        }
    }

    /** The present keys, with the new leaf key if an own Update is covered. */
    private OwnKeys ownKeys(CommitChecker.Checked checked) throws ValidationException {
        TreePrivateKeys present = member.keys.treeKeys();
        LeafNode leaf = checked.transition().tree().leaf(member.ownLeaf()).orElseThrow();
        if (leaf.encryptionKey().equals(present.leafKey().publicKey())) {
            return new OwnKeys(present, member.signer, false);
        }
        MemberState.PendingUpdate update = member.updates.get(leaf.encryptionKey());
        if (update == null) {
            // An Update of this leaf whose private key this client does not have: it cannot go on.
            throw new ValidationException(Rule.PATH_DECRYPTION, "the private key of an own Update is missing");
        }
        return new OwnKeys(present.withLeafKey(update.keyPair().copy()), update.signer(), true);
    }
}
