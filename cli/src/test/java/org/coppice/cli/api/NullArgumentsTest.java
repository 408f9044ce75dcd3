package org.coppice.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.client.CoppiceClient;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.group.Group;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Null is refused where it is handed over, with words, not where it is missed later: keys, secrets and records of the store could be made
 * of nothing. Asks all public constructors and static methods but those of exceptions, and those that look something up.
 */
class NullArgumentsTest {
    @ParameterizedTest
    @ValueSource(classes = {Group.class, DeliverySession.class, CoppiceClient.class})
    void nothingIsMadeOfNull(Class<?> member) throws IOException {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Class<?> type : PublicApi.types(member)) {
            for (Executable maker : makers(type)) {
                asked++;
                objection(maker).ifPresent(what -> wrong.add(maker + ": " + what));
            }
        }
        assertThat(asked).isGreaterThan(20);
        assertThat(wrong).isEmpty();
    }

    private static List<Executable> makers(Class<?> type) {
        boolean isMade = !Modifier.isAbstract(type.getModifiers()) && !Throwable.class.isAssignableFrom(type);
        return Stream.<Executable>concat(
                        isMade ? Arrays.stream(type.getDeclaredConstructors()) : Stream.of(),
                        Arrays.stream(type.getDeclaredMethods())
                                .filter(method -> Modifier.isStatic(method.getModifiers()))
                                .filter(method -> method.getReturnType() != Optional.class))
                .filter(maker -> Modifier.isPublic(maker.getModifiers()) && !maker.isSynthetic())
                .filter(maker -> Arrays.stream(maker.getParameterTypes()).anyMatch(given -> !given.isPrimitive()))
                .toList();
    }

    private static Optional<String> objection(Executable maker) {
        Object[] arguments = Arrays.stream(maker.getParameterTypes())
                .map(NullArgumentsTest::argument)
                .toArray();
        try {
            if (maker instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) maker).invoke(null, arguments);
            }
            return Optional.of("took null");
        } catch (InvocationTargetException e) {
            boolean isNamed = e.getCause() instanceof NullPointerException missing && missing.getMessage() != null;
            return isNamed ? Optional.empty() : Optional.of("threw " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(maker.toString(), e);
        }
    }

    private static Object argument(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        return type == int.class ? 1 : null;
    }
}
