package org.coppice.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Stands between a caller and what it calls: sees each call, and may change or prevent it. */
public final class Between {
    private Between() {}

    /** What is done instead of a call. */
    @FunctionalInterface
    public interface Meeting {
        Object meet(Call call) throws Throwable;
    }

    /** A call on its way. */
    public static final class Call {
        private final Object target;
        private final Method method;
        private final Object[] arguments;

        private Call(Object target, Method method, Object[] arguments) {
            this.target = target;
            this.method = method;
            this.arguments = arguments == null ? new Object[0] : arguments;
        }

        public String name() {
            return method.getName();
        }

        public boolean is(String name) {
            return method.getName().equals(name);
        }

        public boolean mayThrow(Class<? extends Exception> type) {
            for (Class<?> thrown : method.getExceptionTypes()) {
                if (thrown == type) {
                    return true;
                }
            }
            return false;
        }

        public int count() {
            return arguments.length;
        }

        public Object argument(int index) {
            return arguments[index];
        }

        public Object[] arguments() {
            return arguments;
        }

        /** Lets it go on, with the result of what was called. */
        public Object go() throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** A {@code type} that meets each call and then, perhaps, calls {@code target}. */
    public static <T> T put(Class<T> type, T target, Meeting meeting) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> meeting.meet(new Call(target, method, arguments))));
    }
}
