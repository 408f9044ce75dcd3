package org.coppice.mls.observer;

import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.tree.RatchetTree;

/** The one record that an observer has beside tree nodes and proposals; {@code docs/STATE.md} describes the format. */
final class ObserverRecords {
    /** The status of the group, numbered as a member's. */
    private static final int ACTIVE = 0;

    private static final int REINITIALIZED = 2;

    private ObserverRecords() {}

    /** What an observer knows of the present epoch without its tree, and whether the group has ended. */
    record Header(boolean reinitialized, GroupContext context, Bytes interimTranscriptHash, Bytes confirmationTag) {
        GroupState state(RatchetTree tree) {
            return new GroupState(context, tree, interimTranscriptHash, confirmationTag);
        }
    }

    static void putHeader(GroupState state, boolean reinitialized, StateChange.Builder changes) {
        TlsWriter out = new TlsWriter();
        out.uint16(RecordKey.FORMAT_VERSION)
                .uint8(reinitialized ? REINITIALIZED : ACTIVE)
                .struct(state.context())
                .vector(state.interimTranscriptHash())
                .vector(state.confirmationTag());
        changes.put(new RecordKey.Observer(), out.toByteArray());
    }

    static Header header(Map<Bytes, byte[]> records) throws DecodeException {
        TlsReader in = PublicRecords.reader(PublicRecords.record(records, new RecordKey.Observer()));
        PublicRecords.checkVersion(in);
        int status = in.uint8();
        if (status != ACTIVE && status != REINITIALIZED) {
            throw in.error(Rule.STORED_STATE, "group status " + status);
        }
        GroupContext context = GroupContext.decode(in);
        Bytes interim = in.vector();
        Bytes tag = in.vector();
        in.expectEnd();
        return new Header(status == REINITIALIZED, context, interim, tag);
    }
}
