package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.coppice.mls.codec.SecretWriter;
import org.junit.jupiter.api.Test;

/** Secrets are only written into a {@link SecretWriter}, for the compiler takes nothing else; and whoever makes one closes it. */
class ClosedWritersTest {
    private static JavaClasses importAll() {
        // The classes of the platform are only named: to read them, too, takes most of the time.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.coppice.mls", "org.coppice.client");
    }

    private static boolean calls(JavaCodeUnit unit, String method) {
        return calls(unit).stream().anyMatch(call -> call.getTarget().getName().equals(method));
    }

    private static List<JavaCall<?>> calls(JavaCodeUnit unit) {
        return unit.getCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getName().equals(SecretWriter.class.getName()))
                .toList();
    }

    @Test
    void whoeverMakesAWriterForSecretsClosesIt() {
        List<JavaCodeUnit> makers = importAll().stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> calls(unit, "<init>"))
                .toList();
        assertThat(makers).hasSizeGreaterThan(8).allMatch(maker -> calls(maker, "close"));
    }
}
