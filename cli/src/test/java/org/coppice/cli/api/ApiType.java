package org.coppice.cli.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One public type as lines of the listing: how it is declared, then its members, each on a line of its own. */
final class ApiType {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    private final Class<?> type;

    private ApiType(Class<?> type) {
        this.type = type;
    }

    static String describe(Class<?> type) {
        ApiType described = new ApiType(type);
        return Stream.concat(
                        Stream.of("  " + described.declaration()),
                        described.members().stream().map(member -> "    " + member))
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    // ---- the type

    private String declaration() {
        StringBuilder out = new StringBuilder(deprecated(type.isAnnotationPresent(Deprecated.class)));
        out.append(modifiers()).append(kind()).append(' ').append(shortName(type));
        out.append(variables(type.getTypeParameters()));
        if (type.isRecord()) {
            out.append(Arrays.stream(type.getRecordComponents())
                    .map(c -> name(c.getGenericType()) + " " + c.getName())
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        Type parent = type.getGenericSuperclass();
        if (parent != null && !Set.of(Object.class, Record.class, Enum.class).contains(type.getSuperclass())) {
            out.append(" extends ").append(name(parent));
        }
        List<String> parents =
                Arrays.stream(type.getGenericInterfaces()).map(ApiType::name).toList();
        if (!parents.isEmpty()) {
            out.append(type.isInterface() ? " extends " : " implements ").append(String.join(", ", parents));
        }
        if (type.isSealed() && !type.isEnum()) {
            out.append(Arrays.stream(type.getPermittedSubclasses())
                    .map(ApiType::shortName)
                    .sorted()
                    .collect(Collectors.joining(", ", " permits ", "")));
        }
        return out.toString();
    }

    private String modifiers() {
        boolean implied = type.isInterface() || type.isEnum() || type.isRecord();
        int m = type.getModifiers();
        StringBuilder out = new StringBuilder();
        if (Modifier.isProtected(m)) {
            out.append("protected ");
        }
        if (!implied && Modifier.isAbstract(m)) {
            out.append("abstract ");
        }
        if (type.isSealed() && !type.isEnum()) {
            out.append("sealed ");
        }
        if (!implied && Modifier.isFinal(m)) {
            out.append("final ");
        }
        return out.toString();
    }

    private String kind() {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        if (type.isRecord()) {
            return "record";
        }
        return type.isEnum() ? "enum" : "class";
    }

    // ---- its members

    private Set<String> members() {
        Set<String> out = new LinkedHashSet<>();
        out.addAll(constants());
        Set<String> sorted = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isSeen(field) && !field.isEnumConstant()) {
                sorted.add(deprecated(field.isAnnotationPresent(Deprecated.class)) + modifiers(field)
                        + name(field.getGenericType()) + " " + field.getName());
            }
        }
        out.addAll(sorted);
        sorted.clear();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isSeen(constructor) && !type.isEnum() && !isCanonical(constructor)) {
                sorted.add(signature(constructor, type.getSimpleName()));
            }
        }
        out.addAll(sorted);
        methods().stream()
                .map(method -> new String[] {
                    method.getName(), signature(method, name(method.getGenericReturnType()) + " " + method.getName())
                })
                .sorted((a, b) -> a[0].equals(b[0]) ? a[1].compareTo(b[1]) : a[0].compareTo(b[0]))
                .forEach(line -> out.add(line[1]));
        return out;
    }

    /** The constants of an enum, in the order in which they are declared: it is what {@code compareTo} goes by. */
    private List<String> constants() {
        return Arrays.stream(type.getDeclaredFields())
                .filter(Field::isEnumConstant)
                .map(field -> deprecated(field.isAnnotationPresent(Deprecated.class)) + field.getName())
                .toList();
    }

    private List<Method> methods() {
        List<Method> out = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
        // What a hidden parent declares in public is offered here.
        for (Class<?> at = type.getSuperclass(); at != null && !Modifier.isPublic(at.getModifiers()); ) {
            out.addAll(Arrays.asList(at.getDeclaredMethods()));
            at = at.getSuperclass();
        }
        out.removeIf(method -> !isSeen(method) || isImplied(method));
        return out;
    }

    private boolean isSeen(Member member) {
        boolean inherited = Modifier.isProtected(member.getModifiers()) && !Modifier.isFinal(type.getModifiers());
        return !member.isSynthetic() && (Modifier.isPublic(member.getModifiers()) || inherited);
    }

    /** What every object, enum or record has without saying so. */
    private boolean isImplied(Method method) {
        int parameters = method.getParameterCount();
        if (OF_EVERY_OBJECT.contains(method.getName()) && parameters == ("equals".equals(method.getName()) ? 1 : 0)) {
            return true;
        }
        if (type.isEnum() && Modifier.isStatic(method.getModifiers())) {
            return "values".equals(method.getName()) || "valueOf".equals(method.getName());
        }
        return type.isRecord()
                && parameters == 0
                && Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .anyMatch(method.getName()::equals);
    }

    private boolean isCanonical(Constructor<?> constructor) {
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new));
    }

    private String signature(Executable member, String named) {
        StringBuilder out = new StringBuilder(deprecated(member.isAnnotationPresent(Deprecated.class)));
        out.append(modifiers(member));
        String variables = variables(member.getTypeParameters());
        out.append(variables).append(variables.isEmpty() ? "" : " ").append(named);
        Type[] parameters = member.getGenericParameterTypes();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            String parameter = name(parameters[i]);
            boolean variable = member.isVarArgs() && i == parameters.length - 1;
            names.add(variable ? parameter.substring(0, parameter.length() - 2) + "..." : parameter);
        }
        out.append(names.stream().collect(Collectors.joining(", ", "(", ")")));
        if (member.getGenericExceptionTypes().length > 0) {
            out.append(Arrays.stream(member.getGenericExceptionTypes())
                    .map(ApiType::name)
                    .sorted()
                    .collect(Collectors.joining(", ", " throws ", "")));
        }
        return out.toString();
    }

    private String modifiers(Member member) {
        int m = member.getModifiers();
        StringBuilder out = new StringBuilder();
        if (Modifier.isProtected(m)) {
            out.append("protected ");
        }
        if (Modifier.isStatic(m)) {
            out.append("static ");
        }
        if (member instanceof Field && Modifier.isFinal(m)) {
            out.append("final ");
        }
        if (member instanceof Method && type.isInterface() && !Modifier.isAbstract(m) && !Modifier.isStatic(m)) {
            out.append("default ");
        } else if (!type.isInterface() && Modifier.isAbstract(m)) {
            out.append("abstract ");
        }
        return out.toString();
    }

    private static String deprecated(boolean is) {
        return is ? "@Deprecated " : "";
    }

    // ---- names

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(v -> v.getName() + bounds(v.getBounds(), " extends "))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(Type[] bounds, String word) {
        return bounds.length == 0 || bounds[0].equals(Object.class)
                ? ""
                : Arrays.stream(bounds).map(ApiType::name).collect(Collectors.joining(" & ", word, ""));
    }

    /** A class without its package, but with those around it. */
    private static String shortName(Class<?> type) {
        if (type.isArray()) {
            return shortName(type.getComponentType()) + "[]";
        }
        Class<?> outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : shortName(outer) + "." + type.getSimpleName();
    }

    private static String name(Type type) {
        if (type instanceof Class<?> plain) {
            return shortName(plain);
        }
        if (type instanceof ParameterizedType generic) {
            return shortName((Class<?>) generic.getRawType())
                    + Arrays.stream(generic.getActualTypeArguments())
                            .map(ApiType::name)
                            .collect(Collectors.joining(", ", "<", ">"));
        }
        if (type instanceof GenericArrayType array) {
            return name(array.getGenericComponentType()) + "[]";
        }
        if (type instanceof WildcardType wildcard) {
            return "?" + bounds(wildcard.getUpperBounds(), " extends ") + bounds(wildcard.getLowerBounds(), " super ");
        }
        return type.getTypeName();
    }
}
