package org.coppice.cli.account;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where accounts are. */
public final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:COPPICE_HOME:-${sys:user.home}/.coppice}",
            description = "where accounts are kept (default: ~/.coppice, or $COPPICE_HOME)")
    private Path home;

    HomeOption() {}

    /** The home. */
    public Home get() {
        return new Home(home.toAbsolutePath());
    }
}
