package org.coppice.crypto.nativelib;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;

/** Methods of a library that are not public. Looked up at load, so that a library that changed is passed over in time. */
final class Hidden {
    private Hidden() {}

    static Class<?> type(Class<?> neighbour, String name) throws GeneralSecurityException {
        String whole = neighbour.getPackageName() + "." + name;
        try {
            return Class.forName(whole, true, neighbour.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new GeneralSecurityException("this version of the library has no " + whole, e);
        }
    }

    static Method method(Class<?> owner, String name, Class<?>... parameters) throws GeneralSecurityException {
        try {
            Method method = owner.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            throw new GeneralSecurityException("this version of the library has no " + owner.getName() + "." + name, e);
        } catch (InaccessibleObjectException e) {
            throw new GeneralSecurityException(
                    "needs the option --add-opens " + owner.getModule().getName() + "/" + owner.getPackageName()
                            + "=org.coppice.crypto.nativelib",
                    e);
        }
    }

    static Object call(Method method, Object target, Object... arguments) throws GeneralSecurityException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new GeneralSecurityException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError("it was made accessible", e);
        }
    }
}
