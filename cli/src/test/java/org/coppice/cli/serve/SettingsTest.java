package org.coppice.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class SettingsTest {
    @TempDir
    private Path directory;

    /** Some command with options. */
    @Command(name = "some", mixinStandardHelpOptions = true)
    static final class Some {
        @Option(names = "--config")
        private Path config;

        @Option(names = "--public-url", defaultValue = "default")
        private String url;
    }

    private String url(Map<String, String> environment, String... args) {
        Some some = new Some();
        new CommandLine(some)
                .setDefaultValueProvider(Settings.of(environment, args))
                .parseArgs(args);
        return some.url;
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        String file = Files.writeString(directory.resolve("conf"), "# where\npublic-url = file\n")
                .toString();
        Map<String, String> environment = Map.of("COPPICE_PUBLIC_URL", "environment");
        assertThat(url(Map.of())).isEqualTo("default");
        assertThat(url(Map.of(), "--config", file)).isEqualTo("file");
        assertThat(url(Map.of(), "--config=" + file)).isEqualTo("file");
        assertThat(url(Map.of("COPPICE_CONFIG", file))).isEqualTo("file");
        assertThat(url(environment, "--config", file)).isEqualTo("environment");
        assertThat(url(environment, "--config", file, "--public-url", "line")).isEqualTo("line");
    }

    /** Images of containers have a variable of that name, and the server did not start. */
    @Test
    void whatAsksForAWordAboutTheCommandIsNoSetting() {
        assertThat(url(Map.of("COPPICE_VERSION", "1.2.3", "COPPICE_HELP", "true")))
                .isEqualTo("default");
    }

    @Test
    void aSettingThatDoesNotExistIsNotPassedOver() throws IOException {
        Path file = Files.writeString(directory.resolve("conf"), "prot = 1\n");
        Coppice.Run run = Coppice.run("serve", "--config", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err())
                .isEqualTo("coppice: no such setting in " + file
                        + ": prot\nhint: settings are the options without dashes: coppice serve --help\n");
    }
}
