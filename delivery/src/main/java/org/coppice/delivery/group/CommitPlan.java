package org.coppice.delivery.group;

import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.state.StateChange;

/**
 * A Commit that was checked, with all that is written if it wins.
 *
 * @param message the Commit
 * @param ends whether it ends the group
 * @param added the clients that come
 * @param newcomers the members that come, where the service sees them
 * @param removed the clients that go
 * @param groupInfo the GroupInfo of the next epoch
 * @param records how the public state changes, where the service follows it
 * @param tree the tree of the next epoch, where it does not
 * @param welcome the Welcome
 */
record CommitPlan(
        GroupMessage message,
        boolean ends,
        List<ClientId> added,
        List<Member> newcomers,
        List<ClientId> removed,
        Optional<Bytes> groupInfo,
        Optional<StateChange> records,
        Optional<Bytes> tree,
        Optional<Welcome> welcome) {}
