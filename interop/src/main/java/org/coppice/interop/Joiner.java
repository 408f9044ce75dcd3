package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;

/** A client that has published a key package and waits for a Welcome: what the interface calls a transaction. */
final class Joiner {
    private final Participant participant;
    private final KeyPackageBundle bundle;

    private Joiner(Participant participant, KeyPackageBundle bundle) {
        this.participant = participant;
        this.bundle = bundle;
    }

    /** Makes the key package. */
    static Joiner of(Participant participant) throws CryptoException {
        return new Joiner(participant, participant.client().generateKeyPackage());
    }

    Participant participant() {
        return participant;
    }

    KeyPackageBundle bundle() {
        return bundle;
    }

    /**
     * Enters the group.
     *
     * @param tree the ratchet tree, or nothing if the Welcome carries it
     * @param predecessor whose group the new one continues, if it does
     */
    Membership join(ByteString welcome, ByteString tree, Optional<Membership> predecessor, boolean encryptHandshake)
            throws MlsException {
        JoinRequest request = JoinRequest.of(Wire.message(welcome), List.of(bundle));
        if (!tree.isEmpty()) {
            request = request.withRatchetTree(Wire.bytes(tree));
        }
        if (predecessor.isPresent()) {
            request = request.withPredecessor(predecessor.get().group());
        }
        return new Membership(participant, participant.client().join(request), encryptHandshake);
    }
}
