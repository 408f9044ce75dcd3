package org.coppice.mls.crypto;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the secrets that an object holds, however deep, so that a test can look whether they were wiped. */
public final class Reachable {
    private Reachable() {}

    /** All secrets that are reachable from {@code root}, open or not. */
    public static Set<Secret> secretsOf(Object root) {
        Set<Secret> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (!seen.add(object) || object instanceof SuiteCrypto) {
                continue;
            }
            if (object instanceof Secret secret) {
                found.add(secret);
            } else if (object instanceof Map<?, ?> map) {
                push(open, map.values());
            } else if (object instanceof Collection<?> values) {
                push(open, values);
            } else if (object instanceof Optional<?> optional) {
                optional.ifPresent(open::push);
            } else if (object instanceof Object[] array) {
                for (int i = 0; i < Array.getLength(array); i++) {
                    push(open, array[i]);
                }
            } else if (object.getClass().getName().startsWith("org.coppice.")) {
                fields(open, object);
            }
        }
        return found;
    }

    private static void fields(Deque<Object> open, Object object) {
        for (Class<?> type = object.getClass(); type != Object.class && type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    try {
                        push(open, field.get(object));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }

    private static void push(Deque<Object> open, Collection<?> values) {
        values.forEach(value -> push(open, value));
    }

    private static void push(Deque<Object> open, Object value) {
        if (value != null && !(value instanceof Enum<?>)) {
            open.push(value);
        }
    }
}
