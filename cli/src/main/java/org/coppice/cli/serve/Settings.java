package org.coppice.cli.serve;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.cli.CommandFailure;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where options come from that are not on the command line: variables {@code COPPICE_...}, then a file of {@code name = value} lines,
 * then the defaults. The name of {@code --public-url} is {@code COPPICE_PUBLIC_URL} there and {@code public-url} here.
 */
public final class Settings implements IDefaultValueProvider {
    private static final String OPTION = "--config";
    private static final String PREFIX = "COPPICE_";

    private final Map<String, String> environment;
    private final Optional<Path> file;
    private Properties properties;

    private Settings(Map<String, String> environment, Optional<Path> file) {
        this.environment = environment;
        this.file = file;
    }

    /** The settings of a command line, which is looked at for the file before anything else is. */
    public static Settings of(Map<String, String> environment, String... args) {
        String file = environment.get(PREFIX + "CONFIG");
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(OPTION) && i + 1 < args.length) {
                file = args[i + 1];
            } else if (args[i].startsWith(OPTION + "=")) {
                file = args[i].substring(OPTION.length() + 1);
            }
        }
        return new Settings(environment, Optional.ofNullable(file).map(Path::of));
    }

    @Override
    public String defaultValue(ArgSpec arg) {
        if (!(arg instanceof OptionSpec option)
                || option.longestName().equals(OPTION)
                || option.usageHelp()
                || option.versionHelp()) {
            return null;
        }
        String name = option.longestName().substring(2);
        String variable = environment.get(PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        if (variable != null) {
            return variable;
        }
        if (properties == null) {
            properties = read(option.command());
        }
        return properties.getProperty(name);
    }

    private Properties read(CommandSpec command) {
        Properties out = new Properties();
        if (file.isEmpty()) {
            return out;
        }
        try (Reader in = Files.newBufferedReader(file.get())) {
            out.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.input("cannot read the configuration " + file.get(), "check its name and permissions");
        }
        Set<String> unknown = new TreeSet<>(out.stringPropertyNames());
        command.optionsMap().keySet().forEach(name -> unknown.remove(name.replaceFirst("^--", "")));
        if (!unknown.isEmpty()) {
            throw CommandFailure.input(
                    "no such setting in " + file.get() + ": " + String.join(", ", unknown),
                    "settings are the options without dashes: coppice serve --help");
        }
        return out;
    }
}
