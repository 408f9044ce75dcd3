package org.coppice.delivery.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/**
 * A Commit with all that belongs to it; the service takes all of it or nothing. Media type {@link MediaTypes#COMMIT_BUNDLE}.
 *
 * @param commit the Commit: a PublicMessage, or a PrivateMessage in a group of {@link HandshakePolicy#PRIVATE}
 * @param welcome the Welcome for those that it adds by key packages
 * @param groupInfo a GroupInfo of the epoch that it begins, for external joiners: without the ratchet_tree extension where the service
 *     follows the tree. A group that outsiders may join by themselves needs one with every Commit
 * @param ratchetTree the tree of the epoch that it begins, encoded as in the ratchet_tree extension; only where the service cannot
 *     follow the tree
 * @param added the clients that it adds; only where the service cannot see them
 * @param removed the clients that it removes; only where the service cannot see them
 */
public record CommitBundle(
        MlsMessage commit,
        Optional<MlsMessage> welcome,
        Optional<MlsMessage> groupInfo,
        Optional<Bytes> ratchetTree,
        List<ClientId> added,
        List<ClientId> removed)
        implements Encodable {
    /** The version of the encoding. */
    public static final int VERSION = 1;

    /** Copies the lists. */
    public CommitBundle {
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(welcome, "welcome");
        Objects.requireNonNull(groupInfo, "groupInfo");
        Objects.requireNonNull(ratchetTree, "ratchetTree");
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /** A bundle for a group whose handshakes the service can read. */
    public static CommitBundle of(MlsMessage commit, Optional<MlsMessage> welcome, Optional<MlsMessage> groupInfo) {
        return new CommitBundle(commit, welcome, groupInfo, Optional.empty(), List.of(), List.of());
    }

    /**
     * Reads {@code struct { uint8 version; opaque commit<V>; optional<opaque<V>> welcome, group_info, ratchet_tree; ClientId added<V>,
     * removed<V>; }}.
     */
    public static CommitBundle decode(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int version = in.uint8();
        if (version != VERSION) {
            throw Nested.unknownTag(version, offset, "commit bundle of version");
        }
        return new CommitBundle(
                Nested.message(in),
                in.optional(Nested::message),
                in.optional(Nested::message),
                in.optional(TlsReader::vector),
                in.list(ClientId::decode),
                in.list(ClientId::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        Nested.write(out.uint8(VERSION), commit);
        Nested.writeOptional(out, welcome);
        Nested.writeOptional(out, groupInfo);
        Nested.writeOptionalBytes(out, ratchetTree);
        out.list(added).list(removed);
    }
}
