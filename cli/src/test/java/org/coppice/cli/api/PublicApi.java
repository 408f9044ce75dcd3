package org.coppice.cli.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module offers to everybody, as text: the public types of the packages that its descriptor exports without naming for whom, and
 * their members, sorted, with short names. Made from the classes alone, so that nothing is written by hand.
 */
final class PublicApi {
    private PublicApi() {}

    /** The listing of the module that {@code member} belongs to. */
    static String of(Class<?> member) throws IOException {
        ModuleReference module = moduleOf(member);
        List<Class<?>> types = types(member);
        StringBuilder out = new StringBuilder();
        out.append("# The public API of ").append(module.descriptor().name()).append('\n');
        out.append("# Made by PublicApiTest: mvn test -pl cli -am -Dtest=PublicApiTest -Dapi.write=true")
                .append(" -Dsurefire.failIfNoSpecifiedTests=false\n");
        for (String name : exported(module)) {
            out.append("\npackage ").append(name).append('\n');
            types.stream()
                    .filter(type -> type.getPackageName().equals(name))
                    .map(ApiType::describe)
                    .forEach(out::append);
        }
        return out.toString();
    }

    /** The public types of the module that {@code member} belongs to, of packages that everybody sees. */
    static List<Class<?>> types(Class<?> member) throws IOException {
        ModuleReference module = moduleOf(member);
        Set<String> exported = exported(module);
        return types(module, member.getClassLoader()).stream()
                .filter(type -> exported.contains(type.getPackageName()))
                .toList();
    }

    private static Set<String> exported(ModuleReference module) {
        return module.descriptor().exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ModuleReference moduleOf(Class<?> member) {
        try {
            Path place = Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
            return ModuleFinder.of(place).findAll().iterator().next();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The public types of a module, nested ones included, in the order of their names. */
    private static List<Class<?>> types(ModuleReference module, ClassLoader loader) throws IOException {
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            List<Class<?>> out = new ArrayList<>();
            files.filter(file -> file.endsWith(".class") && file.indexOf('/') > 0)
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .forEach(name -> {
                        Class<?> type = load(name, loader);
                        if (isPublic(type)) {
                            out.add(type);
                        }
                    });
            out.sort((a, b) -> a.getName().compareTo(b.getName()));
            return out;
        }
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(name.toLowerCase(Locale.ROOT), e));
        }
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
            boolean seen = Modifier.isPublic(at.getModifiers()) || Modifier.isProtected(at.getModifiers());
            if (!seen || at.isAnonymousClass() || at.isLocalClass()) {
                return false;
            }
        }
        return true;
    }
}
