package org.coppice.mls;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one direction of dependency among the packages, which mirrors the chapters of RFC 9420. */
class LayersTest {
    /** A package may use those before it in this list. */
    private static final List<String> ORDER = List.of(
            "error",
            "codec",
            "registry",
            "crypto",
            "state",
            "credential",
            "tree",
            "message",
            "schedule",
            "framing",
            "epoch",
            "environment",
            "storage",
            "rules",
            "observer",
            "group");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.coppice.mls");

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "org.coppice.mls." + name + "..").toArray(String[]::new);
    }

    @Test
    void packagesUseOnlyThoseBeforeThem() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            ArchRuleDefinition.noClasses()
                    .that()
                    .resideInAnyPackage(packages(ORDER.subList(i, i + 1)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(ORDER.subList(i + 1, ORDER.size())))
                    .because("dependencies go one way: " + ORDER)
                    .check(CLASSES);
        }
    }

    @Test
    void anObserverCannotNameASecret() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("org.coppice.mls.observer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.coppice.mls.group..", "org.coppice.mls.schedule..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("org\\.coppice\\.mls\\.(crypto\\.(Secret|Signer|.*KeyPair)|tree\\.TreePrivateKeys)")
                .because("a server that follows groups has none")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.coppice.mls.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theCoreDoesNoInputOrOutputAndReadsNoClock() {
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.file..", "java.nio.channels..", "java.net..", "java.util.logging..", "java.sql..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|Print|RandomAccess|Console).*")
                .because("the core does no I/O")
                .check(CLASSES);
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .because("time is an argument")
                .check(CLASSES);
    }

    @Test
    void theCoreNeedsTheJdkAlone() {
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.crypto..", "javax.security..", "org.coppice.mls..")
                .check(CLASSES);
    }
}
