package org.coppice.mls.group;

import org.coppice.mls.crypto.Signer;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.tree.TreePrivateKeys;

/**
 * An external Commit that was made: the joiner sends it, waits until it is accepted, and then enters the group. Whoever does not
 * enter closes it. Not thread safe.
 */
public final class ExternalJoin implements AutoCloseable {
    private final MlsClient client;
    private final MlsMessage commit;
    private final GroupState state;
    private final EpochSecrets secrets;
    private final TreePrivateKeys keys;
    private Group group;
    private boolean closed;

    /** Takes over the secrets. */
    ExternalJoin(MlsClient client, MlsMessage commit, GroupState state, EpochSecrets secrets, TreePrivateKeys keys) {
        this.client = client;
        this.commit = commit;
        this.state = state;
        this.secrets = secrets;
        this.keys = keys;
    }

    /** The Commit to send, a PublicMessage. */
    public MlsMessage commit() {
        return commit;
    }

    /** The state that the Commit leads to. */
    public GroupState state() {
        return state;
    }

    /**
     * A GroupInfo of the new epoch, to be published together with the Commit.
     *
     * @throws CryptoException if the signer does not perform the operation
     */
    public MlsMessage groupInfo(boolean withRatchetTree) throws CryptoException {
        if (closed || group != null) {
            throw new IllegalStateException("the join was entered or closed");
        }
        Signer signer = client.signer();
        Grease grease = new Grease(
                client.environment().randomness(), client.environment().policy().grease());
        return new GroupInfoMaker(client.crypto(), grease)
                .make(state, secrets, keys.leafIndex(), signer, new GroupInfoMaker.Parts(withRatchetTree, true));
    }

    /**
     * Enters the group, once the Commit is known to be accepted: stores its state at the first call, in place of what the store has of
     * an earlier membership. Close a {@link Group} of that before, because what it still wrote would mix with the new records.
     */
    public Group group() {
        if (closed) {
            throw new IllegalStateException("the join was closed");
        }
        if (group == null) {
            group = enter();
        }
        return group;
    }

    /** With copies: if the store fails, the members may have accepted the Commit already, and the next call has to find all there is. */
    private Group enter() {
        EpochSecrets epoch = secrets.copy();
        TreePrivateKeys treeKeys = keys.copy();
        boolean done = false;
        try {
            Group out = new Group(WelcomeJoiner.begin(client, state, epoch, treeKeys));
            done = true;
            secrets.close();
            keys.close();
            return out;
        } finally {
            if (!done) {
                epoch.close();
                treeKeys.close();
            }
        }
    }

    /** Wipes the secrets, unless the group was entered. */
    @Override
    public void close() {
        if (group == null && !closed) {
            secrets.close();
            keys.close();
        }
        closed = true;
    }
}
