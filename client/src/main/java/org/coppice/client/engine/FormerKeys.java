package org.coppice.client.engine;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.Identity;
import org.coppice.client.store.StoreException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.group.Group;
import org.coppice.mls.tree.LeafNode;

/**
 * Deletes identities that are not the present one as soon as nothing stored needs their signature keys: no leaf of this client, no Commit
 * on its way, and no key package that somebody may still use. Past epochs need none, as nothing is signed in them.
 */
final class FormerKeys {
    private final Account account;
    private final KeyPackages keyPackages;

    FormerKeys(Account account, KeyPackages keyPackages) {
        this.account = account;
        this.keyPackages = keyPackages;
    }

    void delete() {
        try (Unit unit = account.begin()) {
            int lost = account.identities().deleteLost(unit.records());
            if (lost > 0) {
                unit.tell(new RecordsLost(Bytes.EMPTY, RecordsLost.Kind.FORMER_KEYS, lost));
                unit.commit();
            }
        }
        try (Unit unit = account.begin()) {
            List<Identity> unneeded = unneeded(unit);
            if (!unneeded.isEmpty()) {
                unneeded.forEach(identity -> account.identities().delete(unit.records(), identity));
                unit.commit();
                unneeded.forEach(account.identities()::forget);
            }
        }
    }

    private List<Identity> unneeded(Unit unit) {
        Set<SignaturePublicKey> keys = account.identities().all().stream()
                .map(identity -> identity.signer().publicKey())
                .collect(Collectors.toSet());
        keys.remove(account.identities().present().signer().publicKey());
        if (keys.isEmpty() || Rotation.isUnderWay(unit)) {
            return List.of();
        }
        // The cheaper question first.
        keys.removeAll(keyPackages.signatureKeys(unit));
        if (keys.isEmpty() || !account.groups().candidates().groups().isEmpty()) {
            return List.of();
        }
        for (Bytes groupId : account.groups().store().groups()) {
            if (!remove(keys, unit, groupId)) {
                return List.of();
            }
        }
        return account.identities().all().stream()
                .filter(identity -> keys.contains(identity.signer().publicKey()))
                .toList();
    }

    /** Takes the key that the client has in a group out of {@code keys}; false if it cannot be said now. */
    private boolean remove(Set<SignaturePublicKey> keys, Unit unit, Bytes groupId) {
        try {
            boolean isDamaged = ConversationState.find(unit, groupId)
                    .filter(state -> state.status == ConversationStatus.DAMAGED)
                    .isPresent();
            if (isDamaged) {
                // The client comes back with its present key, if at all.
                return true;
            }
            Group group = account.groups().get(unit, groupId);
            LeafNode own = group.state().tree().leaf(group.ownLeaf()).orElseThrow();
            keys.remove(own.signatureKey());
            return group.pendingCommits().isEmpty();
        } catch (StoreException e) {
            Damage.require(e);
            // It is set aside by whoever drives it.
            return false;
        }
    }
}
