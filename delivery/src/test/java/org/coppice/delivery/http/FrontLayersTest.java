package org.coppice.delivery.http;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The front knows the service by its interfaces alone, and only what assembles a server knows both. */
class FrontLayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.coppice.delivery..");

    private static final Set<String> FRONT =
            Set.of("org.coppice.delivery.http", "org.coppice.delivery.ops", "org.coppice.delivery.api");

    @Test
    void theFrontKnowsNoServiceBehindIt() {
        Set<String> values = Set.of("IssuedChain", "IssuedCode", "RevocationReason");
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("org.coppice.delivery.http")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "do the work",
                        type -> type.getPackageName().startsWith("org.coppice.delivery")
                                && !FRONT.contains(type.getPackageName())
                                && !(type.getPackageName().equals("org.coppice.delivery.ca")
                                        && values.contains(type.getSimpleName()))))
                .check(CLASSES);
    }

    @Test
    void operationsKnowNeitherFrontNorService() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("org.coppice.delivery.ops")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.coppice.delivery", "org.coppice.delivery.http", "org.coppice.delivery.server")
                .check(CLASSES);
    }

    @Test
    void nothingButProgramsKnowsTheServer() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage("org.coppice.delivery.server")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.coppice.delivery.server")
                .check(CLASSES);
    }
}
