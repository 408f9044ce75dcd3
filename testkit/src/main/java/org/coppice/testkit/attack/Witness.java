package org.coppice.testkit.attack;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.Scene;

/**
 * An honest member as it was at some moment of a {@link Life}, on whom things can be tried that its life does not notice.
 *
 * @param state the public state of its epoch
 * @param client the member; nothing is done with its own store
 * @param store a copy of what it had stored
 * @param withdrawn which signature keys the authentication service did not vouch for any more
 */
record Witness(GroupState state, MlsClient client, InMemoryStateStore store, Withdrawn withdrawn) {
    static Witness of(Scene.Actor actor, Withdrawn withdrawn) {
        return new Witness(actor.group().state(), actor.client(), actor.store().copy(), withdrawn);
    }

    /** One of these who has a group that has not ended, if there is one beside those who are not to be asked. */
    static Optional<Witness> among(List<Scene.Actor> members, List<String> but, Withdrawn withdrawn) {
        return members.stream()
                .filter(actor -> !but.contains(actor.name()) && actor.group().status() == GroupStatus.ACTIVE)
                .findFirst()
                .map(actor -> of(actor, withdrawn.copy()));
    }

    /** Its group, anew each time. */
    Group open(CredentialValidator validator) throws MlsException {
        return open(store.copy(), validator);
    }

    /** Its group as a store has it. */
    Group open(InMemoryStateStore from, CredentialValidator validator) throws MlsException {
        return with(from, validator).load(state.groupId());
    }

    /** Another group of its own. */
    Group create(CredentialValidator validator) throws MlsException {
        return with(store.copy(), validator).createGroup(Bytes.wrap(new byte[] {1}));
    }

    private MlsClient with(InMemoryStateStore from, CredentialValidator validator) throws MlsException {
        Environment environment = client.environment().toBuilder()
                .store(from)
                .validator(validator)
                .build();
        return MlsClient.of(environment, client.crypto().suite(), client.credential(), client.signer());
    }
}
