package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodedArrays;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is read from storage: public keys, messages and contexts were slices of the very arrays that hold secrets, which so outlived
 * their wiping for as long as anybody held the public part.
 */
class LoadedSecretsTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private MlsClient client;

    @BeforeEach
    void aClient() throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(store)
                .build();
        client = MlsClient.create(
                environment,
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex("aa")));
    }

    @Test
    void theKeyPackageDoesNotHoldItsPrivateKeys() throws MlsException {
        KeyPackageBundle decoded =
                KeyPackageBundle.decode(client.generateKeyPackage().encode());
        Bytes init = Bytes.wrap(decoded.initKeyPair().privateKey().exposeCopy());
        Bytes leaf = Bytes.wrap(decoded.leafKeyPair().privateKey().exposeCopy());
        assertThat(arraysOutsideOfSecrets(decoded)).isNotEmpty().noneMatch(array -> contains(array, init));
        assertThat(arraysOutsideOfSecrets(decoded)).noneMatch(array -> contains(array, leaf));
    }

    @Test
    void aLoadedGroupHoldsKeysInSecretsOnly() throws MlsException {
        Group group = client.createGroup();
        MlsClient other = MlsClient.create(
                client.environment().toBuilder().store(new InMemoryStateStore()).build(),
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex("bb")));
        group.merge(group.commit().build());
        StagedCommit pending =
                group.commit().add(other.generateKeyPackage().keyPackage()).build();
        List<Bytes> secrets = new ArrayList<>();
        pending.treeKeys()
                .forEachPathKey(
                        (node, pair) -> secrets.add(Bytes.wrap(pair.privateKey().exposeCopy())));
        secrets.add(Bytes.wrap(pending.treeKeys().leafKey().privateKey().exposeCopy()));
        secrets.add(Bytes.wrap(pending.secrets().resumptionPsk().exposeCopy()));
        store.snapshot(group.groupId()).forEach((key, value) -> {
            if (RecordKind.TREE_KEY.matches(key)) {
                secrets.add(value.slice(value.length() - 32, 32));
            }
        });
        Group loaded = client.load(group.groupId());
        List<byte[]> arrays = arraysOutsideOfSecrets(loaded);
        assertThat(arrays).isNotEmpty();
        assertThat(secrets)
                .hasSizeGreaterThan(3)
                .allSatisfy(secret -> assertThat(arrays).noneMatch(array -> contains(array, secret)));
    }

    /** A group with a past epoch, a skipped message, an Update and a Commit that wait. */
    private Group livedIn() throws MlsException {
        Group group = client.createGroup();
        MlsClient other = MlsClient.create(
                client.environment().toBuilder().store(new InMemoryStateStore()).build(),
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex("bb")));
        KeyPackageBundle keys = other.generateKeyPackage();
        StagedCommit add = group.commit().add(keys.keyPackage()).build();
        group.merge(add);
        Group others = other.join(add.welcome().orElseThrow(), keys);
        others.encrypt(new byte[1]);
        group.receive(others.encrypt(new byte[1]));
        group.proposeUpdate();
        group.commit().remove(new LeafIndex(1)).build();
        return group;
    }

    @Test
    void allThatIsReadBelongsToTheGroupThatIsLoaded() throws MlsException {
        Bytes id = livedIn().groupId();
        DecodedSecrets decoded = new DecodedSecrets();
        Group loaded;
        try (decoded) {
            loaded = GroupLoader.load(client, id, List.of(), decoded);
        }
        List<byte[]> read = DecodedArrays.of(decoded).stream()
                .filter(array -> array.length > 0)
                .toList();
        assertThat(read).noneMatch(DecodedArrays::isWiped).hasSizeGreaterThan(20);
        loaded.close();
        assertThat(read).allMatch(DecodedArrays::isWiped);
    }

    /** Each record in turn has a byte too many, or is not there: what was read before and of it is wiped. */
    @Test
    void aGroupThatIsRefusedLeavesNothingOfWhatWasRead() throws MlsException {
        Bytes id = livedIn().groupId();
        Map<Bytes, Bytes> whole = store.snapshot(id);
        assertThat(whole.keySet())
                .anyMatch(RecordKind.PENDING_COMMIT::matches)
                .anyMatch(RecordKind.UPDATE_KEY::matches);
        int most = 0;
        for (Map.Entry<Bytes, Bytes> entry : whole.entrySet()) {
            byte[] value = entry.getValue().toByteArray();
            if (RecordKind.RESUMPTION_PSK.matches(entry.getKey())) {
                continue;
            }
            put(id, entry.getKey(), Arrays.copyOf(value, value.length + 1));
            DecodedSecrets tooLong = new DecodedSecrets();
            assertThatThrownBy(() -> loadAndClose(id, tooLong)).isInstanceOf(DecodeException.class);
            assertNothingIsLeft(tooLong);
            most = Math.max(most, DecodedArrays.of(tooLong).size());

            StateChange.Builder delete = StateChange.builder(id);
            store.apply(delete.delete(entry.getKey()).build());
            DecodedSecrets missing = new DecodedSecrets();
            try {
                loadAndClose(id, missing);
            } catch (DecodeException | IllegalArgumentException e) {
                // A group may be without some records.
            }
            assertNothingIsLeft(missing);
            put(id, entry.getKey(), value);
        }
        assertThat(most).as("arrays read before the last refusal").isGreaterThan(20);
    }

    /** A record under another's name would put its keys in the place of the other's, which nobody would own. */
    @Test
    void aRecordUnderAnothersNameIsRefused() throws MlsException {
        Bytes id = livedIn().groupId();
        for (RecordKind kind : List.of(RecordKind.PENDING_COMMIT, RecordKind.UPDATE_KEY)) {
            Bytes name = store.snapshot(id).keySet().stream()
                    .filter(kind::matches)
                    .findFirst()
                    .orElseThrow();
            byte[] other = name.toByteArray();
            other[other.length - 1] ^= 1;
            put(id, Bytes.wrap(other), store.snapshot(id).get(name).toByteArray());
            DecodedSecrets decoded = new DecodedSecrets();
            assertThatThrownBy(() -> loadAndClose(id, decoded))
                    .isInstanceOfSatisfying(
                            DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.STORED_STATE));
            assertNothingIsLeft(decoded);
            StateChange.Builder undo = StateChange.builder(id);
            store.apply(undo.delete(Bytes.wrap(other)).build());
        }
    }

    /** Of the two one would be nobody's. */
    @Test
    void twoPrivateKeysOfOneNodeAreRefused() throws MlsException {
        Group group = client.createGroup();
        MlsClient other = MlsClient.create(
                client.environment(),
                CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                Credential.basic(Bytes.fromHex("bb")));
        group.merge(group.commit().add(other.generateKeyPackage().keyPackage()).build());
        Bytes root = group.commit()
                .build()
                .nextState()
                .tree()
                .encryptionKey(new NodeIndex(1))
                .orElseThrow()
                .data();
        Map.Entry<Bytes, Bytes> pending = store.snapshot(group.groupId()).entrySet().stream()
                .filter(entry -> RecordKind.PENDING_COMMIT.matches(entry.getKey()))
                .findFirst()
                .orElseThrow();
        byte[] stored = pending.getValue().toByteArray();
        // A key is a node index of eight bytes, and each half with its length before it; the tree stands further ahead.
        int at = pending.getValue().toHex().lastIndexOf(root.toHex()) / 2 - 2;
        assertThat(stored[at]).isEqualTo((byte) 1);
        stored[at] = 0;
        put(group.groupId(), pending.getKey(), stored);
        DecodedSecrets decoded = new DecodedSecrets();
        assertThatThrownBy(() -> loadAndClose(group.groupId(), decoded))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("two private keys");
        assertNothingIsLeft(decoded);
    }

    private void loadAndClose(Bytes id, DecodedSecrets decoded) throws MlsException {
        try (decoded) {
            GroupLoader.load(client, id, List.of(), decoded).close();
        }
    }

    private static void assertNothingIsLeft(DecodedSecrets decoded) {
        assertThat(DecodedArrays.of(decoded)).allMatch(DecodedArrays::isWiped);
    }

    private void put(Bytes id, Bytes key, byte[] value) {
        StateChange.Builder changes = StateChange.builder(id);
        store.apply(changes.put(key, value.clone()).build());
    }

    private static boolean contains(byte[] array, Bytes needle) {
        Bytes all = Bytes.wrap(array);
        for (int i = 0; i + needle.length() <= all.length(); i++) {
            if (all.slice(i, needle.length()).equals(needle)) {
                return true;
            }
        }
        return false;
    }

    /** All arrays of bytes that can be reached, but for those of secrets and of what comes from outside. */
    private static List<byte[]> arraysOutsideOfSecrets(Object root) {
        List<byte[]> found = new ArrayList<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (!seen.add(object)
                    || object instanceof SuiteCrypto
                    || object instanceof Environment
                    || object instanceof Secret) {
                continue;
            }
            if (object instanceof byte[] bytes) {
                found.add(bytes);
            } else if (object instanceof Map<?, ?> map) {
                push(open, map.keySet());
                push(open, map.values());
            } else if (object instanceof Collection<?> values) {
                push(open, values);
            } else if (object instanceof Optional<?> value) {
                value.ifPresent(open::add);
            } else if (object instanceof Object[] array) {
                push(open, Arrays.asList(array));
            } else if (object.getClass().getName().startsWith("org.coppice.")) {
                fields(open, object);
            }
        }
        return found;
    }

    private static void push(Deque<Object> open, Collection<?> values) {
        values.stream().filter(value -> value != null).forEach(open::add);
    }

    private static void fields(Deque<Object> open, Object object) {
        for (Class<?> type = object.getClass();
                type.getName().startsWith("org.coppice.");
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    try {
                        Object value = field.get(object);
                        if (value != null) {
                            open.add(value);
                        }
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }
}
