package org.coppice.delivery.api;

import java.util.List;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * Who gets a group's GroupInfo and may join by an external Commit (RFC 9750 §6.4), or ask by a new_member_proposal to be added.
 */
public sealed interface ExternalJoinPolicy extends Encodable {
    /** Nobody: a member that lost its state has to be added again. */
    ExternalJoinPolicy NONE = new None();
    /** Members alone: one that lost its state takes its own place again, and nobody else comes in, not even who was a member. */
    ExternalJoinPolicy RESYNC = new Resync();
    /** Clients of users who have a client in the group: a member that lost its state, and further devices without being asked. */
    ExternalJoinPolicy MEMBERS = new Members();
    /** Every client that the service knows. */
    ExternalJoinPolicy ANYONE = new Anyone();

    /** The most users that a policy can name. */
    int MAX_USERS = 1024;

    /** {@link ExternalJoinPolicy#NONE}. */
    record None() implements ExternalJoinPolicy {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(0);
        }
    }

    /** {@link ExternalJoinPolicy#MEMBERS}. */
    record Members() implements ExternalJoinPolicy {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1);
        }
    }

    /** {@link ExternalJoinPolicy#RESYNC}. */
    record Resync() implements ExternalJoinPolicy {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(4);
        }
    }

    /**
     * Clients of the members' users and of these.
     *
     * @param users the users, at most {@link #MAX_USERS}
     */
    record Users(List<UserName> users) implements ExternalJoinPolicy {
        /** Copies the list. */
        public Users {
            users = List.copyOf(users);
            if (users.size() > MAX_USERS) {
                throw new IllegalArgumentException("more than " + MAX_USERS + " users");
            }
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).list(users);
        }
    }

    /** {@link ExternalJoinPolicy#ANYONE}. */
    record Anyone() implements ExternalJoinPolicy {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3);
        }
    }

    /** Reads the tag and what follows from it. */
    static ExternalJoinPolicy decode(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int tag = in.uint8();
        return switch (tag) {
            case 0 -> NONE;
            case 1 -> MEMBERS;
            case 2 -> users(in);
            case 3 -> ANYONE;
            case 4 -> RESYNC;
            default -> throw Nested.unknownTag(tag, offset, "external join policy");
        };
    }

    private static ExternalJoinPolicy users(TlsReader in) throws DecodeException {
        int offset = in.offset();
        List<UserName> users = in.list(UserName::decode);
        if (users.size() > MAX_USERS) {
            throw Nested.tooMany(MAX_USERS, offset, "users");
        }
        return new Users(users);
    }
}
