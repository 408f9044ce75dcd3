package org.coppice.cli.serve;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.server.Storage;
import picocli.CommandLine.Option;

/** Where the server keeps what it has confirmed. */
final class StorageOptions {
    private static final Pattern HOSTS = Pattern.compile("[^,@]+(?:,[^,@]+)*");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "keep everything in this directory, in SQLite; for one server (default: \"server\" in "
                    + "~/.coppice, or in $COPPICE_HOME)")
    private Path data;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description =
                    "keep everything in PostgreSQL instead: postgresql://user@host/database; for any number of servers on "
                            + "one database. A standby is a second host: user@one,two/database")
    private String postgres;

    @Option(
            names = "--postgres-password-file",
            paramLabel = "FILE",
            description = "the password is the first line of this file (default: the one in the URL)")
    private Path postgresPassword;

    @Option(
            names = "--postgres-connections",
            paramLabel = "N",
            defaultValue = "8",
            description = "connections of this server for writing, and as many again for reading (default: 8)")
    private int connections;

    Storage storage() {
        if (postgres == null) {
            return new Storage.Directory(directory());
        }
        if (data != null) {
            throw CommandFailure.usage("--data and --postgres exclude each other", "choose one");
        }
        if (connections < 1) {
            throw CommandFailure.usage("at least one connection, not " + connections, "run: coppice serve --help");
        }
        return new Storage.Postgres(address());
    }

    /** Whether everything is on this machine. */
    boolean isHere() {
        return postgres == null;
    }

    /** The directory on this machine: of the data, or of what is not in the database. */
    Path directory() {
        if (data != null) {
            return data.toAbsolutePath();
        }
        String home = System.getenv("COPPICE_HOME");
        Path base = home == null || home.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".coppice")
                : Path.of(home).toAbsolutePath();
        return base.resolve("server");
    }

    /** What the banner says; never the password. */
    String where() {
        return postgres == null
                ? directory().toString()
                : "PostgreSQL, " + address().url().replaceFirst("\\?.*", "");
    }

    private PostgresEngine.Address address() {
        try {
            URI uri = new URI(postgres.replaceFirst("^jdbc:", ""));
            boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            // Several hosts, a primary and its standby, are no host to URI.
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            String hosts = authority.substring(authority.lastIndexOf('@') + 1);
            if (!known || !HOSTS.matcher(hosts).matches()) {
                throw new URISyntaxException("", "no PostgreSQL URL");
            }
            String[] user = user(authority.substring(0, authority.length() - hosts.length()));
            String password =
                    postgresPassword != null ? PasswordFile.read(postgresPassword) : user.length > 1 ? user[1] : null;
            String url = "jdbc:postgresql://" + hosts + uri.getRawPath()
                    + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            return new PostgresEngine.Address(url, user.length > 0 ? user[0] : null, password, connections);
        } catch (URISyntaxException e) {
            throw CommandFailure.usage(
                    "no URL of a PostgreSQL database",
                    "it looks like postgresql://user@host/database, or with a standby like"
                            + " postgresql://user@one,two/database");
        }
    }

    /** The name and perhaps the password of {@code name:password@}, decoded. */
    private static String[] user(String info) throws URISyntaxException {
        return info.isEmpty()
                ? new String[0]
                : new URI("postgresql://" + info + "host").getUserInfo().split(":", 2);
    }
}
