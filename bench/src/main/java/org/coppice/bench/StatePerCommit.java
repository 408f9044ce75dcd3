package org.coppice.bench;

import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;

/**
 * What an empty Commit writes to the store, at its committer and at a receiver, in a full tree.
 *
 * @param made by {@code build} and {@code merge} together
 * @param processed by {@code stage} and {@code merge} together
 */
record StatePerCommit(CountingStore.Counts made, CountingStore.Counts processed) {
    static StatePerCommit of(Setting setting) throws MlsException {
        CountingStore firstStore = new CountingStore();
        CountingStore lastStore = new CountingStore();
        Pair pair = Pair.of(setting, setting.members(), firstStore, lastStore);
        StatePerCommit out = null;
        // The first ones keep what was before for late messages; from then on all are alike.
        for (int i = 0; i < 4; i++) {
            firstStore.reset();
            lastStore.reset();
            StagedCommit commit = pair.first().commit().build();
            MlsMessage message = Pair.wire(commit.message());
            pair.first().merge(commit);
            pair.last().merge(pair.last().stage(message));
            out = new StatePerCommit(firstStore.counts(), lastStore.counts());
        }
        return out;
    }
}
