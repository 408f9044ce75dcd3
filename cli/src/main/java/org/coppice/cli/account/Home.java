package org.coppice.cli.account;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/**
 * The accounts of a person on this machine: {@code HOME/accounts/USER/DEVICE/}.
 *
 * @param directory the home
 */
public record Home(Path directory) {
    private Path accounts() {
        return directory.resolve("accounts");
    }

    AccountPlace place(ClientId client) {
        return new AccountPlace(
                client, accounts().resolve(client.user().value()).resolve(client.device()));
    }

    /** All accounts, by name. */
    public List<AccountPlace> all() {
        List<AccountPlace> out = new ArrayList<>();
        for (Path user : children(accounts())) {
            for (Path device : children(user)) {
                clientOf(user, device)
                        .map(client -> new AccountPlace(client, device))
                        .filter(AccountPlace::exists)
                        .ifPresent(out::add);
            }
        }
        out.sort(Comparator.comparing(AccountPlace::client));
        return out;
    }

    private static List<Path> children(Path directory) {
        List<Path> out = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(out::add);
            } catch (IOException e) {
                throw CommandFailure.input("cannot read " + directory + ": " + e.getMessage(), "");
            }
        }
        return out;
    }

    private static Optional<ClientId> clientOf(Path user, Path device) {
        try {
            return Optional.of(ClientId.parse(user.getFileName() + "/" + device.getFileName()));
        } catch (IllegalArgumentException e) {
            // Not of our making.
            return Optional.empty();
        }
    }

    /**
     * The account of a name.
     *
     * @param name {@code USER} if that has one device here, or {@code USER/DEVICE}; null for the only account there is
     */
    AccountPlace find(String name) {
        List<AccountPlace> all = all();
        List<AccountPlace> fitting = all.stream()
                .filter(place -> name == null
                        || place.client().user().value().equals(name)
                        || place.client().toString().equals(name))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        // One that never reached its server can do nothing yet, and is not meant.
        List<AccountPlace> able = fitting.stream().filter(Home::isRegistered).toList();
        if (able.size() == 1) {
            return able.get(0);
        }
        if (!fitting.isEmpty()) {
            throw CommandFailure.usage(
                    "which account: " + names(fitting) + "?",
                    "say --as "
                            + (name == null
                                    ? fitting.get(0).client().user()
                                    : fitting.get(0).client()));
        }
        if (name != null && !UserName.isValid(name.replaceFirst("/.*", ""))) {
            throw CommandFailure.usage("no name of an account: " + name, "names are like alice, or alice/phone");
        }
        String user = name == null ? "alice" : name.replaceFirst("/.*", "");
        throw CommandFailure.input(
                (name == null ? "no account" : "no account " + name) + " in " + directory
                        + (all.isEmpty() ? "" : ", only " + names(all)),
                "make one: coppice account new --name " + user);
    }

    private static boolean isRegistered(AccountPlace place) {
        try {
            return AccountFacts.read(place).registered();
        } catch (CommandFailure e) {
            // It is told when that account is opened, or when it is asked which is meant.
            return true;
        }
    }

    private static String names(List<AccountPlace> places) {
        return String.join(
                ", ", places.stream().map(place -> place.client().toString()).toList());
    }

    /** Makes the directory of an account, which only its owner may enter. */
    static void create(AccountPlace place) throws IOException {
        Files.createDirectories(place.directory(), AccountFiles.ownersOnly(place.directory(), "rwx------"));
    }

    /** Deletes an account that the server does not know, or no longer; nothing but what was made for it. */
    static void discard(AccountPlace place) throws IOException {
        for (Path file : List.of(place.facts(), place.key(), place.trust(), place.anchor(), place.revocations())) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + AccountFiles.UNFINISHED));
        }
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(place.store().resolveSibling(place.store().getFileName() + end));
        }
        Files.deleteIfExists(place.directory());
        Path user = place.directory().getParent();
        if (children(user).isEmpty()) {
            Files.deleteIfExists(user);
        }
    }
}
