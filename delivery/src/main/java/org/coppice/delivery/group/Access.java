package org.coppice.delivery.group;

import java.sql.SQLException;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;

/** Who may do what with a group. Those who may nothing are told the same as if there were no such group. */
final class Access {
    private Access() {}

    /**
     * How a client stands to a group.
     *
     * @param row the group
     * @param member whether it is a member
     * @param mayJoin whether policy lets it in without being asked
     */
    record Standing(GroupRow row, boolean member, boolean mayJoin) {}

    /** How a client stands to a group that it is a member of or may join. */
    static Standing of(Transaction tx, Bytes groupId, ClientId client) throws SQLException, DeliveryException {
        GroupRow row = GroupTable.find(tx, groupId).orElseThrow(Access::unknownGroup);
        boolean member = Admissions.isMember(tx, groupId, client);
        boolean mayJoin = mayJoin(tx, row, client, member);
        if (!member && !mayJoin) {
            throw outside(tx, groupId, client);
        }
        return new Standing(row, member, mayJoin);
    }

    /** How a client stands to a group that lets it in without being asked. */
    static Standing requireMayJoin(Transaction tx, Bytes groupId, ClientId client)
            throws SQLException, DeliveryException {
        Standing standing = of(tx, groupId, client);
        requireMayJoin(standing);
        return standing;
    }

    static void requireMayJoin(Standing standing) throws DeliveryException {
        if (!standing.mayJoin()) {
            throw notAllowed("the group's policy does not let this client come in by itself");
        }
    }

    /** A group that the client is a member of now. */
    static GroupRow ofMember(Transaction tx, Bytes groupId, ClientId client) throws SQLException, DeliveryException {
        requireMember(tx, groupId, client);
        return GroupTable.find(tx, groupId).orElseThrow(Access::unknownGroup);
    }

    /** Refuses a client that is no member of the group now. */
    static void requireMember(Transaction tx, Bytes groupId, ClientId client) throws SQLException, DeliveryException {
        if (!Admissions.isMember(tx, groupId, client)) {
            throw outside(tx, groupId, client);
        }
    }

    /** Who was a member once knows that there is a group. */
    private static DeliveryException outside(Transaction tx, Bytes groupId, ClientId client) throws SQLException {
        return Admissions.of(tx, groupId, client).isEmpty() ? unknownGroup() : notAMember();
    }

    private static boolean mayJoin(Transaction tx, GroupRow row, ClientId client, boolean member) throws SQLException {
        ExternalJoinPolicy policy = row.settings().externalJoins();
        if (policy instanceof ExternalJoinPolicy.None) {
            return false;
        }
        if (member) {
            // Every other policy lets a member take its own place again.
            return true;
        }
        if (policy instanceof ExternalJoinPolicy.Resync || !ClientTable.exists(tx, client)) {
            return false;
        }
        return policy instanceof ExternalJoinPolicy.Anyone
                || policy instanceof ExternalJoinPolicy.Users users
                        && users.users().contains(client.user())
                || Admissions.hasMemberOf(tx, row.groupId(), client.user());
    }

    static DeliveryException unknownGroup() {
        return Problem.of(ProblemKind.UNKNOWN_GROUP, "there is no such group for this client")
                .asException();
    }

    static DeliveryException notAMember() {
        return notAllowed("the client is no member now");
    }

    static DeliveryException notAllowed(String why) {
        return Problem.of(ProblemKind.NOT_ALLOWED, why).asException();
    }
}
