package org.coppice.mls.group;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.tree.LeafIndex;

/** Makes signed GroupInfos (RFC 9420 §12.4.3). Immutable. */
final class GroupInfoMaker {
    private final SuiteCrypto crypto;
    private final Grease grease;

    GroupInfoMaker(SuiteCrypto crypto, Grease grease) {
        this.crypto = crypto;
        this.grease = grease;
    }

    /** Which extensions a GroupInfo gets. */
    record Parts(boolean ratchetTree, boolean externalPub) {}

    MlsMessage make(GroupState state, EpochSecrets secrets, LeafIndex own, Signer signer, Parts parts)
            throws CryptoException {
        return new MlsMessage(new MlsMessage.GroupInfo(sign(state, secrets, own, signer, parts)));
    }

    /** A GroupInfo as a Welcome carries it; {@code secrets} are needed for external_pub only. */
    GroupInfo sign(GroupState state, EpochSecrets secrets, LeafIndex own, Signer signer, Parts parts)
            throws CryptoException {
        Extensions extensions = Extensions.EMPTY;
        if (parts.ratchetTree()) {
            TlsWriter tree = new TlsWriter();
            state.tree().encodeTo(tree);
            extensions = extensions.with(new Extension(ExtensionType.RATCHET_TREE, tree.toBytes()));
        }
        if (parts.externalPub()) {
            Bytes key = SuiteCrypto.encode(secrets.externalKeyPair().publicKey());
            extensions = extensions.with(new Extension(ExtensionType.EXTERNAL_PUB, key));
        }
        return GroupInfo.sign(
                state.context(), grease.extensions(extensions), state.confirmationTag(), own, crypto, signer);
    }
}
