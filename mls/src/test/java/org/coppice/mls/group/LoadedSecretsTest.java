package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKind;
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
