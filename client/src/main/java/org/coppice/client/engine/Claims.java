package org.coppice.client.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.group.Group;

/**
 * Claims the key packages of those who are invited, one after the other. Each claim has had its request id since the invitation was wished
 * for; so what was claimed may be written once for all, however many they are: after a crash the same requests have the same answers.
 */
final class Claims {
    private final Account account;
    private final Connection connection;

    Claims(Account account, Connection connection) {
        this.account = account;
        this.connection = connection;
    }

    /** What to claim for. */
    private record Open(Wishes.Queued queued, Wish.Invite invite, Group group) {}

    /**
     * Claims what the first wish of a conversation needs, if that is an invitation.
     *
     * @throws DeliveryException if the service cannot answer now; what it had answered is kept
     * @throws IOException if the service cannot be reached; what it had answered is kept
     */
    void claim(Bytes groupId) throws DeliveryException, IOException {
        Optional<Open> found = open(groupId);
        if (found.isEmpty()) {
            return;
        }
        Open open = found.get();
        List<Wish.Invitation> answered = new ArrayList<>(open.invite().invitations());
        try {
            for (int i = 0; i < answered.size(); i++) {
                Wish.Invitation invitation = answered.get(i);
                if (invitation.claimed().isEmpty()) {
                    ClaimRequest request = request(invitation, open.group());
                    ClaimResult result =
                            connection.ask(session -> session.claimKeyPackages(invitation.claim(), request));
                    answered.set(i, answered(invitation, result));
                }
            }
            keep(groupId, open.queued(), answered);
        } catch (DeliveryException e) {
            if (Problems.isTemporary(e)) {
                keep(groupId, open.queued(), answered);
                throw e;
            }
            refuse(groupId, open.queued(), e);
        } catch (IOException e) {
            keep(groupId, open.queued(), answered);
            throw e;
        }
    }

    /** An answer that names no client of the target says what an honest service says by a refusal. */
    private static Wish.Invitation answered(Wish.Invitation invitation, ClaimResult result) throws DeliveryException {
        Wish.Invitation out = invitation.with(result);
        if (out.clients().isEmpty()) {
            throw Problem.of(
                            ProblemKind.UNKNOWN_CLIENT,
                            "the service answers for none of the clients that were asked for")
                    .asException();
        }
        return out;
    }

    private Optional<Open> open(Bytes groupId) {
        try (Unit unit = account.begin()) {
            Optional<Wishes.Queued> first = Wishes.first(unit, groupId);
            if (first.isEmpty() || !(first.get().wish() instanceof Wish.Invite invite)) {
                return Optional.empty();
            }
            return Optional.of(new Open(first.get(), invite, account.groups().get(unit, groupId)));
        }
    }

    private void keep(Bytes groupId, Wishes.Queued queued, List<Wish.Invitation> answered) {
        try (Unit unit = account.begin()) {
            if (Wishes.find(unit, groupId, queued.number()).isPresent()) {
                Wishes.put(
                        unit, groupId, new Wishes.Queued(queued.number(), queued.losses(), new Wish.Invite(answered)));
                unit.commit();
            }
        }
    }

    private void refuse(Bytes groupId, Wishes.Queued queued, DeliveryException e) {
        try (Unit unit = account.begin()) {
            Wishes.find(unit, groupId, queued.number())
                    .ifPresent(wish ->
                            Wishes.refuse(unit, groupId, wish, Receipt.Kind.REFUSED_BY_SERVICE, e.getMessage()));
            unit.commit();
        }
    }

    private static ClaimRequest request(Wish.Invitation invitation, Group group) {
        RequiredCapabilities required = new RequiredCapabilities(
                group.state().context().extensions().types().stream()
                        .filter(type -> !type.isDefault())
                        .toList(),
                List.of(),
                List.of());
        return new ClaimRequest(invitation.target(), group.cipherSuite(), required, List.of());
    }
}
