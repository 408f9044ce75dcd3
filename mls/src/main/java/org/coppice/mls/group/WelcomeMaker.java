package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.rules.Transition;
import org.coppice.mls.schedule.WelcomeSecret;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.PreparedPath;

/** Makes the Welcome of a Commit that adds members: one GroupInfo for all, secrets for each (RFC 9420 §12.4.3.1). */
final class WelcomeMaker {
    private final MemberState member;
    private final NextEpoch next;
    private final Signer signer;
    private final LeafIndex self;

    /** @param signer signs for the committer's leaf in the new epoch */
    WelcomeMaker(MemberState member, NextEpoch next, Signer signer, LeafIndex self) {
        this.member = member;
        this.next = next;
        this.signer = signer;
        this.self = self;
    }

    MlsMessage make(Transition transition, Optional<PreparedPath> path, boolean withTree) throws MlsException {
        SuiteCrypto crypto = member.crypto;
        GroupInfo groupInfo = member.groupInfos.sign(
                next.state(), next.secrets(), self, signer, new GroupInfoMaker.Parts(withTree, false));
        Bytes encryptedGroupInfo;
        try (WelcomeSecret welcomeSecret = next.memberSecret().welcomeSecret()) {
            encryptedGroupInfo = welcomeSecret.seal(groupInfo.encoded());
        }
        SuiteCrypto.EncryptionContext context = crypto.encryptionContext("Welcome", encryptedGroupInfo);
        List<Map.Entry<LeafIndex, KeyPackage>> added =
                new ArrayList<>(transition.added().entrySet());
        Welcome.EncryptedGroupSecrets[] secrets = new Welcome.EncryptedGroupSecrets[added.size()];
        member.environment.workers().forEach(added.size(), index -> {
            KeyPackage keyPackage = added.get(index).getValue();
            Secret pathSecret =
                    path.isPresent() ? path.get().pathSecretFor(added.get(index).getKey()) : null;
            try (GroupSecrets groupSecrets =
                            new GroupSecrets(next.joinerSecret().secret().copy(), pathSecret, transition.psks());
                    Secret plaintext = groupSecrets.encode()) {
                HpkeCiphertext sealed = crypto.encryptWithLabel(keyPackage.initKey(), context, plaintext);
                secrets[index] = new Welcome.EncryptedGroupSecrets(keyPackage.ref(crypto), sealed);
            }
        });
        Welcome welcome = new Welcome(crypto.suite(), List.of(secrets), encryptedGroupInfo);
        return new MlsMessage(new MlsMessage.Welcome(welcome));
    }
}
