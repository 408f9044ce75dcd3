package org.coppice.client;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** The one direction of dependency among the packages: store and model, engine, façade; transport beside the engine. */
class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.coppice.client");

    private static void refuse(String from, String... to) {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(CLASSES);
    }

    @Test
    void packagesUseOnlyThoseBelow() {
        refuse(
                "org.coppice.client.store",
                "org.coppice.client",
                "..model",
                "..engine",
                "..http",
                "org.coppice.delivery..");
        refuse("org.coppice.client.model", "org.coppice.client", "..store", "..engine", "..http", "..client.identity");
        refuse("org.coppice.client.identity", "org.coppice.client", "..store", "..engine", "..client.http");
        refuse("org.coppice.client.engine", "org.coppice.client", "org.coppice.client.http");
        refuse(
                "org.coppice.client.http",
                "org.coppice.client",
                "org.coppice.client.store",
                "org.coppice.client.engine");
    }

    @Test
    void theEngineKnowsNoTransportAndNoMedium() {
        refuse(
                "org.coppice.client.engine",
                "okhttp3..",
                "com.fasterxml..",
                "java.sql..",
                "java.net..",
                "java.nio.file..");
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.coppice.client.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void timeAndRandomnessAreArguments() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("org.coppice.client.engine", "org.coppice.client.store")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.SecureRandom")
                .check(CLASSES);
    }

    @Test
    void noMonitorIsHeldAroundInputAndOutput() {
        // A virtual thread that blocks in a synchronized block pins its carrier on JDK 21.
        com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods()
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED)
                .check(CLASSES);
    }
}
