package org.coppice.cli;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The compiled code of all modules, for tests that search it; they are here because this module has all others on its class path. */
final class Compiled {
    /** Read once, when the first test asks. */
    static final JavaClasses CLASSES = importAll();

    private Compiled() {}

    private static JavaClasses importAll() {
        // The classes of the platform are only named: to read them, too, takes most of the time.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                // Whose business is comparing, with values that they made themselves.
                .withImportOption(location -> !location.contains("org/coppice/testkit"))
                // Written by a generator, large, and without secrets.
                .withImportOption(location -> !location.contains("org/coppice/interop/wire"))
                .importPackages("org.coppice");
    }
}
