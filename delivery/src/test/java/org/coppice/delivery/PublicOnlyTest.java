package org.coppice.delivery;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service cannot name a secret of a group, and its packages depend on each other in one direction. */
class PublicOnlyTest {
    /** A package may use those before it in this list. */
    private static final List<String> ORDER =
            List.of("engine", "limit", "request", "account", "keypackage", "ca", "inbox", "hint", "group", "retention");

    /** All of MLS that holds or makes secrets. */
    private static final Set<String> SECRET = Set.of(
            "org.coppice.mls.crypto.Secret",
            "org.coppice.mls.crypto.HpkeKeyPair",
            "org.coppice.mls.crypto.SignatureKeyPair",
            "org.coppice.mls.crypto.Signer",
            "org.coppice.mls.message.GroupSecrets",
            "org.coppice.mls.tree.TreePrivateKeys");

    private static final Set<String> SECRET_PACKAGES = Set.of("org.coppice.mls.group", "org.coppice.mls.schedule");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.coppice.delivery..");

    private static final JavaClasses OWN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(
                    ORDER.stream().map(name -> "org.coppice.delivery." + name).toList());

    @Test
    @Tag("A-5-02")
    @Tag("A-8.4.2-01")
    void namesNoSecret() {
        DescribedPredicate<JavaClass> secret = DescribedPredicate.describe(
                "secret types",
                type -> SECRET.contains(type.getName()) || SECRET_PACKAGES.contains(type.getPackageName()));
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage(ORDER.stream()
                        .map(name -> "org.coppice.delivery." + name)
                        .toArray(String[]::new))
                .or()
                .resideInAnyPackage("org.coppice.delivery", "org.coppice.delivery.http..")
                .should()
                .dependOnClassesThat(secret)
                .check(CLASSES);
    }

    @Test
    void packagesUseOnlyThoseBeforeThem() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            ArchRuleDefinition.noClasses()
                    .that()
                    .resideInAnyPackage("org.coppice.delivery." + ORDER.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ORDER.subList(i + 1, ORDER.size()).stream()
                            .map(name -> "org.coppice.delivery." + name)
                            .toArray(String[]::new))
                    .because("dependencies go one way: " + ORDER)
                    .check(OWN);
        }
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.coppice.delivery.(*)").should().beFreeOfCycles().check(OWN);
    }
}
