package org.coppice.mls.group;

import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.SecretTree;

/**
 * What is kept of an epoch that was left, to read its late application messages (RFC 9420 §15.3): the sender data secret, the
 * unused message keys, and the tree that names the senders. Owns its secrets.
 */
final class PastEpoch implements AutoCloseable {
    private final GroupState state;
    private final EpochSecrets secrets;
    private final SecretTree messageKeys;

    /** Takes over the secrets, which have been retired. */
    PastEpoch(GroupState state, EpochSecrets secrets, SecretTree messageKeys) {
        this.state = state;
        this.secrets = secrets;
        this.messageKeys = messageKeys;
    }

    GroupState state() {
        return state;
    }

    EpochSecrets secrets() {
        return secrets;
    }

    SecretTree messageKeys() {
        return messageKeys;
    }

    @Override
    public void close() {
        secrets.close();
        messageKeys.close();
    }
}
