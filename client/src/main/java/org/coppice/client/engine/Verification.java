package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.List;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.RevocationAwareValidator;
import org.coppice.client.model.SafetyNumber;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.SignaturePublicKey;
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
