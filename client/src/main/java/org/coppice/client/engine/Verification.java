package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.RevocationAwareValidator;
import org.coppice.client.model.SafetyNumber;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.group.Group;

/** Remembers which keys of which clients the user has compared: a new device or a new key is unverified again. */
final class Verification {
    private final Account account;

    Verification(Account account) {
        this.account = account;
    }

    List<MemberInfo> members(Unit unit, Group group) {
        ClientId self = account.identities().present().client();
        List<MemberInfo> out = new ArrayList<>();
        group.state().tree().forEachLeaf((leaf, node) -> {
            ClientId client = account.groups().names().of(node);
            boolean own = leaf.equals(group.ownLeaf());
            boolean verified = own || isVerified(unit, client, node.signatureKey());
            // The validator was asked when the member came in; a leaf of another type would not be in the group.
            boolean revoked = isRevoked(node.credential());
            boolean certified = node.credential() instanceof Credential.X509 && !revoked;
            boolean isSelf = own && client.equals(self);
            out.add(new MemberInfo(client, leaf, node.signatureKey(), verified, certified, revoked, isSelf));
        });
        return out;
    }

    /** The keys by which this client knows the members of a group. */
    Map<ClientId, SignaturePublicKey> keys(Group group) {
        Map<ClientId, SignaturePublicKey> out = new HashMap<>();
        group.state()
                .tree()
                .forEachLeaf((leaf, node) -> out.put(account.groups().names().of(node), node.signatureKey()));
        return out;
    }

    /**
     * Who signs with a key that was not known.
     *
     * @param clients who has another than before, or has come since, by name
     * @param compared those of them whom the user had compared, by another key
     */
    record NewKeys(List<ClientId> clients, List<ClientId> compared) {}

    /**
     * Compares the members of a group with what this client knew before it came back.
     *
     * @param before by which keys it knew them; if it has lost that, empty: then it knows what the user has compared
     */
    NewKeys since(Unit unit, Map<ClientId, SignaturePublicKey> before, Group group) {
        Map<ClientId, Set<SignaturePublicKey>> compared = compared(unit);
        List<ClientId> changed = new ArrayList<>();
        List<ClientId> lost = new ArrayList<>();
        keys(group).forEach((client, key) -> {
            Set<SignaturePublicKey> known = compared.getOrDefault(client, Set.of());
            SignaturePublicKey former = before.get(client);
            boolean isNobodys = before.isEmpty() && known.isEmpty();
            boolean isOther = former == null ? !known.contains(key) && !isNobodys : !former.equals(key);
            boolean isSelf = client.equals(account.identities().present().client());
            if (isOther && !isSelf) {
                changed.add(client);
                if (former == null ? !known.isEmpty() : known.contains(former)) {
                    lost.add(client);
                }
            }
        });
        Collections.sort(changed);
        Collections.sort(lost);
        return new NewKeys(changed, lost);
    }

    private static Map<ClientId, Set<SignaturePublicKey>> compared(Unit unit) {
        Map<ClientId, Set<SignaturePublicKey>> out = new HashMap<>();
        try {
            for (StoreTransaction.Stored stored : unit.records().all(Spaces.VERIFIED)) {
                TlsReader in = new TlsReader(stored.key(), DecodeLimits.DEFAULT);
                ClientId client = ClientId.decode(in);
                out.computeIfAbsent(client, c -> new HashSet<>()).add(SignaturePublicKey.decode(in));
            }
        } catch (StoreException e) {
            Damage.require(e);
        } catch (DecodeException e) {
            throw new AssertionError("a key that was written here", e);
        }
        return out;
    }

    private boolean isRevoked(Credential credential) {
        return account.environment().validator() instanceof RevocationAwareValidator validator
                && validator.isRevoked(credential);
    }

    private static boolean isVerified(Unit unit, ClientId client, SignaturePublicKey key) {
        try {
            return unit.records().get(Spaces.VERIFIED, record(client, key)).isPresent();
        } catch (StoreException e) {
            // What cannot be read says nothing: the user is to compare again.
            Damage.require(e);
            return false;
        }
    }

    private static Bytes record(ClientId client, SignaturePublicKey key) {
        return new TlsWriter(128).struct(client).struct(key).toBytes();
    }

    /** Notes for all devices of a user in a group that their present keys were compared, if these are the keys of the number. */
    void verify(Unit unit, Group group, UserName user, SafetyNumber compared) throws KeysChangedException {
        List<MemberInfo> members = members(unit, group);
        SafetyNumber present =
                SafetyNumber.of(account.identities().present().client().user(), user, members);
        if (!present.equals(compared)) {
            throw new KeysChangedException(present);
        }
        records(user, members).forEach(record -> unit.records().put(Spaces.VERIFIED, record, new byte[0]));
    }

    /** Takes back for all devices of a user in a group that their present keys were compared. */
    void unverify(Unit unit, Group group, UserName user) {
        records(user, members(unit, group)).forEach(record -> unit.records().delete(Spaces.VERIFIED, record));
    }

    private static List<Bytes> records(UserName user, List<MemberInfo> members) {
        return members.stream()
                .filter(member -> member.client().user().equals(user))
                .map(member -> record(member.client(), member.signatureKey()))
                .toList();
    }
}
