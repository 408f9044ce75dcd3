package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Town;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountCommandTest {
    @TempDir
    private Path directory;

    private Town town;

    @BeforeEach
    void start() {
        town = new Town(directory);
    }

    @AfterEach
    void stop() {
        town.close();
    }

    private Coppice.Run register(String home, String name, String... more) {
        List<String> args = new java.util.ArrayList<>(List.of(
                "account", "new", "--name", name, "--server", town.server().url()));
        args.addAll(List.of(more));
        return town.as(home, args.toArray(String[]::new));
    }

    @Test
    void aNewAccountIsRegisteredAndListed() {
        Coppice.Run run = register("alice", "alice", "--no-passphrase");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo("alice/terminal is registered at " + town.server().url() + "\n");
        assertThat(run.err()).endsWith("next: coppice chat --as alice --home " + town.home("alice") + "\n");
        assertThat(town.did("alice", "account", "list"))
                .isEqualTo("alice/terminal  " + town.server().url() + "  no passphrase\n");
        assertThat(town.json("alice", "account", "list")
                        .get(0)
                        .get("registered")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void whatHasKeysIsForTheOwnerAlone() throws IOException {
        town.settle("alice");
        Path place = town.home("alice").resolve("accounts/alice/terminal");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rwx------");
        for (String file : List.of("key", "account.json")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".new"));
        }
    }

    @Test
    void aNameBelongsToWhoTookItFirstAndNothingIsLeftOfTheOther() {
        town.settle("alice");
        Coppice.Run run = register("mallory", "alice", "--no-passphrase");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED_CHECK);
        assertThat(run.err())
                .startsWith("coppice: alice is taken at " + town.server().url() + "\nhint: choose another --name");
        assertThat(town.did("mallory", "account", "list")).isEmpty();
        assertThat(town.home("mallory").resolve("accounts/alice/terminal")).doesNotExist();
    }

    @Test
    void aFurtherDeviceIsVouchedForByTheFirst() {
        town.settle("alice");
        assertThat(register("alice", "alice", "--device", "phone", "--no-passphrase")
                        .code())
                .isZero();
        assertThat(town.did("alice", "account", "list")).contains("alice/phone", "alice/terminal");
        Coppice.Run which = town.as("alice", "group", "list", "--as", "alice");
        assertThat(which.code()).isEqualTo(ExitCode.USAGE);
        assertThat(which.err())
                .isEqualTo("coppice: which account: alice/phone, alice/terminal?\nhint: say --as alice/phone\n");
        town.did("alice", "group", "list", "--as", "alice/terminal");
    }

    @Test
    void aRemovedAccountIsGoneHereAndAtTheServer() {
        town.settle("alice", "bob");
        Coppice.Run run = town.as("alice", "account", "remove", "--yes");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("alice/terminal is removed\n");
        assertThat(run.err()).contains("will be unregistered", "its keys and conversations here are deleted");
        assertThat(town.did("alice", "account", "list")).isEmpty();
        assertThat(town.home("alice").resolve("accounts/alice")).doesNotExist();
        assertThat(town.as("bob", "group", "create", "garden", "alice").code()).isNotZero();
        assertThat(register("mallory", "alice", "--no-passphrase").code())
                .as("the name stays taken")
                .isEqualTo(ExitCode.FAILED_CHECK);
    }

    @Test
    void nothingIsRemovedWithoutAWord() {
        town.settle("alice");
        Coppice.Run run = town.as("alice", "account", "remove");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).endsWith("coppice: there is nobody to ask, and it cannot be undone\nhint: say --yes\n");
        town.did("alice", "group", "list");
    }

    @Test
    void nothingIsDeletedIfTheServerIsAway() {
        town.settle("alice");
        town.stopServer();
        assertThat(town.as("alice", "account", "remove", "--yes").code()).isEqualTo(ExitCode.UNREACHABLE);
        town.startServer();
        town.did("alice", "group", "list");
    }

    @Test
    void aLostDeviceIsRemovedByAnotherAndItsOwnCopyIsOfNoUse() {
        town.settle("alice");
        assertThat(register("alice", "alice", "--device", "phone", "--no-passphrase")
                        .code())
                .isZero();
        assertThat(town.did("alice", "account", "remove", "--as", "alice/terminal", "--device", "phone", "--yes"))
                .isEqualTo("alice/phone is removed\n");
        assertThat(town.did("alice", "account", "list")).contains("alice/phone");
        assertThat(town.did("alice", "account", "remove", "--as", "alice/phone", "--yes"))
                .isEqualTo("alice/phone is removed\n");
        assertThat(town.did("alice", "account", "list"))
                .doesNotContain("alice/phone")
                .contains("alice/terminal");
    }

    @Test
    void theSameAccountIsNotMadeTwice() {
        town.settle("alice");
        Coppice.Run again = register("alice", "alice", "--no-passphrase");
        assertThat(again.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(again.err()).startsWith("coppice: alice/terminal is there already\nhint: ");
    }

    @Test
    void theKeysAreOpenedByTheirPassphraseAndNoOther() throws IOException {
        Path right = Files.writeString(directory.resolve("right"), "coppiced hazel\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "coppiced ash\n");
        assertThat(register("alice", "alice", "--passphrase-file", right.toString())
                        .code())
                .isZero();
        assertThat(town.did("alice", "account", "list")).contains("  passphrase");
        town.did("alice", "group", "list", "--passphrase-file", right.toString());
        Coppice.Run run = town.as("alice", "group", "list", "--passphrase-file", wrong.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err())
                .isEqualTo("coppice: this does not open the keys of alice/terminal\nhint: check the passphrase\n");
        Coppice.Run none = town.as("alice", "group", "list");
        assertThat(none.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(none.err()).startsWith("coppice: no terminal to ask for the passphrase of alice/terminal\n");
    }

    @Test
    void withoutTheServerItSaysSoAndGoesOnWhenRunAgain() {
        town.stopServer();
        Coppice.Run run = register("alice", "alice", "--no-passphrase");
        assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err())
                .startsWith("coppice: cannot reach " + town.server().url() + ": ")
                .contains("\nhint: ");
        assertThat(town.did("alice", "account", "list")).contains("not registered yet");
        Coppice.Run early = town.as("alice", "group", "list");
        assertThat(early.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(early.err()).contains("coppice account new --name alice --device terminal");
        town.startServer();
        assertThat(register("alice", "alice").code()).isZero();
        assertThat(town.did("alice", "account", "list")).doesNotContain("not registered yet");
    }

    @Test
    void anAccountThatNeverReachedItsServerStandsInNobodysWay() {
        town.settle("alice");
        String clear = town.server().url().replace("http:", "https:");
        Coppice.Run lost = town.as("alice", "account", "new", "--name", "zoe", "--no-passphrase", "--server", clear);
        assertThat(lost.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(lost.err())
                .isEqualTo("coppice: cannot reach " + clear + ": it does not speak TLS\nhint: on this machine alone: "
                        + town.server().url() + "\n");
        assertThat(town.did("alice", "account", "list")).contains("zoe/terminal");
        town.did("alice", "group", "create", "garden");
    }

    @Test
    void aMistypedServerIsPutRightWhenItIsRunAgain() {
        Coppice.Run wrong = town.as(
                "alice", "account", "new", "--name", "alice", "--no-passphrase", "--server", "http://127.0.0.1:1");
        assertThat(wrong.code()).isEqualTo(ExitCode.UNREACHABLE);
        Coppice.Run suite = register("alice", "alice", "--suite", "2");
        assertThat(suite.code()).isEqualTo(ExitCode.USAGE);
        assertThat(suite.err()).contains("--suite comes too late for alice/terminal", "and begin anew");
        Coppice.Run code = register("alice", "alice", "--code", "k7f3q-9tm2x-4wd8h-p5rca");
        assertThat(code.code()).isEqualTo(ExitCode.USAGE);
        assertThat(code.err()).contains("--code comes too late for alice/terminal");
        // What is not said is as it was said last.
        assertThat(town.did("alice", "account", "new", "--name", "alice"))
                .isEqualTo("alice/terminal is registered at " + town.server().url() + "\n");
        assertThat(town.did("alice", "account", "list"))
                .isEqualTo("alice/terminal  " + town.server().url() + "  no passphrase\n");
    }

    @Test
    void whatIsSealedByAPassphraseStaysSo() throws IOException {
        Path passphrase = Files.writeString(directory.resolve("passphrase"), "coppiced hazel\n");
        town.stopServer();
        register("alice", "alice", "--passphrase-file", passphrase.toString());
        Coppice.Run run = register("alice", "alice", "--no-passphrase");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--no-passphrase comes too late for alice/terminal");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 502})
    void whatIsNoDeliveryServiceIsToldSo(int status) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        other.start();
        try {
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            Coppice.Run run = town.as("alice", "account", "new", "--name", "alice", "--no-passphrase", "--server", url);
            assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.err())
                    .contains(url + " answers, but not as a delivery service does")
                    .contains("is the URL right?");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void httpToAnotherMachineIsNotTaken() {
        Coppice.Run run = town.as(
                "alice", "account", "new", "--name", "alice", "--no-passphrase", "--server", "http://192.0.2.1:8420");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("http to another machine", "--allow-http");
        assertThat(town.home("alice")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "../alice", "", "a b", ".alice"})
    void whatIsNoNameIsWrongUsage(String name) {
        Coppice.Run run = register("alice", name, "--no-passphrase");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("coppice: no name for an account: ");
        assertThat(town.home("alice")).doesNotExist();
    }

    @Test
    void withoutAccountItSaysHowToMakeOne() {
        Coppice.Run run = town.as("nobody", "group", "list", "--as", "bob");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err())
                .isEqualTo("coppice: no account bob in " + town.home("nobody")
                        + "\nhint: make one: coppice account new --name bob\n");
    }
}
