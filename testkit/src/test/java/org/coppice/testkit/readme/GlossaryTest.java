package org.coppice.testkit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Test;

/** The glossary names classes and members that exist. */
class GlossaryTest {
    private static final String ROOT = "org.coppice.mls.";
    private static final Pattern CODE = Pattern.compile("`([a-z]\\w*(?:\\.\\w+)+|\\.\\w+)`");

    @Test
    void namesOnlyClassesAndMembersThatExist() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : Files.readAllLines(ProjectRoot.find().resolve("docs/GLOSSARY.md"))) {
            String owner = null; // what a name that begins with a dot belongs to
            Matcher code = CODE.matcher(line.startsWith("|") ? line : "");
            while (code.find()) {
                String name = code.group(1);
                String whole = name.startsWith(".") ? owner + name : name;
                if (!exists(whole)) {
                    missing.add(name + " in: " + line);
                }
                if (!name.startsWith(".")) {
                    owner = isTopLevel(name) ? name : name.substring(0, name.lastIndexOf('.'));
                }
                named++;
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(100);
    }

    /** Otherwise it is an arm or a member, and what follows with a dot is its sibling: {@code message.Proposal.Add}, {@code .Update}. */
    private static boolean isTopLevel(String name) {
        Class<?> found = classNamed(name);
        return found != null && found.getEnclosingClass() == null;
    }

    private static boolean exists(String name) {
        if (classNamed(name) != null) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        Class<?> owner = classNamed(name.substring(0, dot));
        String member = name.substring(dot + 1);
        return owner != null
                && Stream.concat(
                                Stream.of(owner.getDeclaredMethods()).map(Method::getName),
                                Stream.of(owner.getDeclaredFields()).map(Field::getName))
                        .anyMatch(member::equals);
    }

    /** The class of a name such as {@code message.Proposal.Add}, or null. */
    private static Class<?> classNamed(String name) {
        StringBuilder binary = new StringBuilder(ROOT);
        String separator = "";
        for (String part : name.split("\\.")) {
            binary.append(separator).append(part);
            separator = Character.isUpperCase(part.charAt(0)) ? "$" : ".";
        }
        try {
            return Class.forName(binary.toString(), false, GlossaryTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
