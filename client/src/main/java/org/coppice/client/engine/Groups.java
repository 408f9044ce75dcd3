package org.coppice.client.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.Identity;
import org.coppice.client.store.StoreException;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;

/** The groups of mls that this client is in: read from the store when first used, kept in memory then. Guarded by the account's lock. */
final class Groups implements AutoCloseable {
    private static final int EPOCH_TAG_LENGTH = 8;
    private static final int MAX_OPEN = 512;

    private final Account account;
    private final Names names;
    private final GroupStore store;
    private final GroupStore candidates;
    private final Environment environment;
    private final Environment candidateEnvironment;
    private final Map<Bytes, Group> open = new HashMap<>();

    Groups(Account account) {
        this.account = account;
        this.names = new Names(account.environment().validator());
        this.store = new GroupStore(account, "groups", Spaces::group);
        this.candidates = new GroupStore(account, "candidates", Spaces::candidate);
        this.environment = Environment.builder()
                .provider(account.environment().provider())
                .randomness(account.environment().randomness())
                .clock(account.environment().clock())
                .validator(names)
                .workers(account.environment().workers())
                .policy(GroupPolicy.builder()
                        .pastEpochs(account.environment().parameters().pastEpochs())
                        .proposalFilter(new JoinPolicy(names))
                        .build())
                .store(store)
                .build();
        this.candidateEnvironment = environment.toBuilder().store(candidates).build();
    }

    Names names() {
        return names;
    }

    GroupStore store() {
        return store;
    }

    GroupStore candidates() {
        return candidates;
    }

    /** The client of mls that acts under an identity. */
    MlsClient client(Identity identity) {
        return client(environment, identity);
    }

    /** The client that enters groups which are not certain yet. */
    MlsClient candidateClient() {
        return client(candidateEnvironment, account.identities().present());
    }

    private static MlsClient client(Environment environment, Identity identity) {
        try {
            MlsClient plain = MlsClient.of(environment, identity.suite(), identity.credential(), identity.signer());
            Capabilities all = plain.capabilities();
            List<ExtensionType> extensions = Stream.concat(all.extensions().stream(), Stream.of(ConversationInfo.TYPE))
                    .distinct()
                    .toList();
            return plain.withCapabilities(new Capabilities(
                    all.versions(), all.cipherSuites(), extensions, all.proposals(), all.credentials()));
        } catch (CryptoException e) {
            throw new IllegalStateException("the provider lacks the suite that this client was made with", e);
        }
    }

    /** The group, which the unit may change. */
    Group get(Unit unit, Bytes groupId) {
        unit.uses(groupId);
        Group known = open.get(groupId);
        if (known != null) {
            return known;
        }
        Signer[] signers =
                account.identities().all().stream().map(Identity::signer).toArray(Signer[]::new);
        try {
            Group group = client(account.identities().present()).load(groupId, signers);
            keep(unit, group);
            return group;
        } catch (MlsException | IllegalArgumentException e) {
            // Illegal is a group without records, or with a key that this client never had.
            throw new StoreException(StoreException.Reason.DAMAGED, "a group's state cannot be read", e);
        }
    }

    /** The group, if this client has a state of it: it may be one that a Commit has just removed it from. */
    Optional<Group> find(Unit unit, Bytes groupId) {
        return open.containsKey(groupId) || store.has(groupId) ? Optional.of(get(unit, groupId)) : Optional.empty();
    }

    /** What the conversation of a group is called; empty if the group does not say. */
    static String nameOf(Group group) {
        return ConversationInfo.find(group.state().context().extensions())
                .map(ConversationInfo::name)
                .orElse("");
    }

    /** Keeps a group that the unit made. */
    void keep(Unit unit, Group group) {
        unit.uses(group.groupId());
        if (open.size() >= MAX_OPEN) {
            List.copyOf(open.keySet()).stream()
                    .filter(id -> !unit.isUsing(id))
                    .limit(MAX_OPEN / 4)
                    .forEach(this::forget);
        }
        Group former = open.put(group.groupId(), group);
        if (former != null && former != group) {
            former.close();
        }
    }

    /** Drops the group from memory; the store has it. */
    void forget(Bytes groupId) {
        Group group = open.remove(groupId);
        if (group != null) {
            group.close();
        }
    }

    /**
     * A short value that is equal at all who agree on the present epoch, and tells nothing about it: sent beside each message, it shows
     * a fork where decryption alone shows a broken message.
     */
    static Bytes epochTag(Group group) {
        try (Secret tag = group.export("coppice epoch tag 1", Bytes.EMPTY, EPOCH_TAG_LENGTH)) {
            return Bytes.wrap(tag.exposeCopy());
        }
    }

    @Override
    public void close() {
        open.values().forEach(Group::close);
        open.clear();
    }
}
