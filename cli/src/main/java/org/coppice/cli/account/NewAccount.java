package org.coppice.cli.account;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.identity.Anchor;
import org.coppice.client.identity.Enrolment;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ClientEvent.KeyPackagesRefused;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.CryptoException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice account new}. */
@Command(
        name = "new",
        header = "Make an account: keys here, a name at the server.",
        description = {
            "Makes keys for a new device, registers its name at the server, and leaves key packages there, so that others can "
                    + "invite it while it is away. A name belongs to who registers it first; a further device of the same "
                    + "person is vouched for by one that is in the same home.",
            "The keys are sealed by a passphrase. With --no-passphrase a key in a file beside the store opens it: for bots, "
                    + "and where the disk is protected otherwise."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice account new --name alice",
            "  coppice account new --name alice --device phone",
            "  coppice account new --name bot --no-passphrase \\",
            "      --server https://chat.example.org",
            "  coppice account new --name alice --code - < code.txt",
            "  coppice account new --name alice --id-token -",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 bad input,",
            "69 server not reached (run it again to go on)."
        })
public final class NewAccount implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "USER",
            required = true,
            description = "what others call you: a-z, 0-9, . _ -")
    private String name;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "terminal",
            description = "tells your devices apart (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:COPPICE_SERVER:-http://127.0.0.1:8420}",
            description = "the server (default: $COPPICE_SERVER, or port 8420 of this machine)")
    private String url;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "authorities of the server's certificate, in PEM (default: the platform's)")
    private Path trust;

    @Option(names = "--allow-http", description = "allow http to another machine, where the network is protected")
    private boolean allowHttp;

    @Option(names = "--suite", paramLabel = "N", defaultValue = "1", description = "cipher suite, 1 to 7 (default: 1)")
    private int suite;

    @Mixin
    private CodeSource codes;

    @Mixin
    private IdTokens idTokens;

    @Option(
            names = "--fingerprint",
            paramLabel = "HEX",
            description =
                    "the fingerprint that the authority has to have (default: the one that it has now is trusted)")
    private String fingerprint;

    @Option(names = "--no-passphrase", description = "keep the store's key in a file beside it")
    private boolean open;

    @Mixin
    private Passphrases passphrases;

    @Mixin
    private HomeOption home;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public NewAccount(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CryptoException {
        AccountPlace place = home.get().place(client());
        if (suite < 1 || suite > CipherSuite.STANDARD.size()) {
            throw CommandFailure.usage("no such cipher suite: " + suite, "the suites of RFC 9420 are 1 to 7");
        }
        codes.check();
        if (codes.isGiven() && idTokens.isGiven()) {
            throw CommandFailure.usage(
                    codes.option() + " and --id-token are two ways to one certificate", "give one of them");
        }
        Optional<String> code = codes.isGiven() ? Optional.of(codes.read(terminal)) : Optional.empty();
        boolean begun = place.exists();
        if (begun) {
            resume(place, AccountFacts.read(place));
        }
        // Before anything is written: a URL that cannot be one.
        Servers.at(url, allowHttp, Optional.ofNullable(trust)).close();
        try {
            try (StoreKey key = begun ? goOn(place) : begin(place)) {
                keepTrust(place);
                AccountFacts facts = AccountFacts.read(place);
                try (HttpDelivery server = Servers.of(place, facts)) {
                    register(place, facts, ClientStores.sqlite(place.store(), key), server, new Start(begun, code));
                }
                tell(place, facts);
            }
        } catch (StoreException e) {
            throw Failures.of(e, place.client());
        } catch (IOException e) {
            throw CommandFailure.input("cannot write to " + place.directory() + ": " + e.getMessage(), "");
        }
        return ExitCode.SUCCESS;
    }

    private ClientId client() {
        try {
            return ClientId.parse(name + "/" + device);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "no name for an account: " + name + "/" + device,
                    "names have a-z, 0-9, and . _ - inside, up to 64; devices a-z, 0-9 and -, up to 32");
        }
    }

    /** Takes from an earlier run that did not reach the server what this one does not say. */
    private void resume(AccountPlace place, AccountFacts before) {
        if (before.registered()) {
            throw CommandFailure.input(
                    place.client() + " is there already",
                    "talk: coppice chat --as " + place.client().user() + "; another device: --device NAME");
        }
        if (open && before.opening() == AccountFacts.Opening.PASSPHRASE) {
            throw begunOtherwise(place, "--no-passphrase", "its keys are sealed by a passphrase");
        }
        if (!isGiven("--server")) {
            url = before.server();
            allowHttp |= before.allowsHttp();
        }
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private static CommandFailure begunOtherwise(AccountPlace place, String option, String why) {
        return CommandFailure.usage(
                option + " comes too late for " + place.client() + ": " + why,
                "go on without it, or remove " + place.directory() + " and begin anew");
    }

    private StoreKey goOn(AccountPlace place) throws IOException {
        AccountFacts before = AccountFacts.read(place);
        StoreKey key = Account.key(place, before, passphrases);
        new AccountFacts(url, allowHttp, before.opening(), false).write(place);
        return key;
    }

    private void requireAsBegun(AccountPlace place, Identity identity) {
        if (isGiven("--suite") && !identity.suite().equals(new CipherSuite(suite))) {
            throw begunOtherwise(
                    place,
                    "--suite",
                    "its keys are of suite " + identity.suite().value());
        }
        if (isCertifiedAsked() && !Certified.is(place)) {
            throw begunOtherwise(place, codes.isGiven() ? codes.option() : "--id-token", "it has no certificate");
        }
    }

    private boolean isCertifiedAsked() {
        return codes.isGiven() || idTokens.isGiven();
    }

    /** Writes all that an account has before the server knows it; the facts last, as they make it one. */
    private StoreKey begin(AccountPlace place) throws IOException {
        char[] passphrase = open ? new char[0] : passphrases.ofNew(place);
        boolean isOpen = passphrase.length == 0;
        Home.create(place);
        StoreKey key;
        if (isOpen) {
            try (Secret secret = Secret.wrap(Randomness.system().bytes(StoreKey.LENGTH))) {
                byte[] copy = secret.exposeCopy();
                AccountFiles.write(place.key(), copy);
                Arrays.fill(copy, (byte) 0);
                key = StoreKey.of(secret);
            }
        } else {
            key = StoreKey.passphrase(passphrase);
            Arrays.fill(passphrase, '\0');
        }
        new AccountFacts(
                        url, allowHttp, isOpen ? AccountFacts.Opening.KEY_FILE : AccountFacts.Opening.PASSPHRASE, false)
                .write(place);
        return key;
    }

    private void keepTrust(AccountPlace place) throws IOException {
        if (trust != null) {
            AccountFiles.write(place.trust(), Files.readAllBytes(trust));
        }
    }

    /**
     * Where this run starts.
     *
     * @param begun whether an earlier run has begun it, so that what is there is not this one's to delete
     * @param code for a certificate
     */
    private record Start(boolean begun, Optional<String> code) {}

    private void register(AccountPlace place, AccountFacts facts, ClientStore store, HttpDelivery server, Start start)
            throws IOException, CryptoException {
        boolean registered = false;
        try {
            Identity identity = CoppiceClient.exists(store) ? null : identityFor(store, place, facts, server, start);
            Optional<Certified> certified = Certified.is(place) ? Optional.of(Certified.open(place)) : Optional.empty();
            ClientEnvironment environment =
                    certified.map(Certified::environment).orElseGet(ClientEnvironment::standard);
            try (CoppiceClient client = identity == null
                    ? CoppiceClient.open(store, environment, server)
                    : CoppiceClient.create(store, identity, environment, server)) {
                requireAsBegun(place, client.identity());
                server.register(client.identity(), voucher(place, client.identity()));
                registered = true;
                keepRegistered(place, facts);
                if (certified.isPresent()) {
                    certified.get().keep(client, environment, server);
                }
                client.listen(event -> warn(event, facts, server));
                client.sync();
            }
        } catch (IOException e) {
            CommandFailure why = Failures.unreachable(facts.server(), e);
            throw registered ? unfinished(place, facts, why) : why;
        } catch (DeliveryException e) {
            throw registered
                    ? unfinished(place, facts, Failures.of(e, facts.server()))
                    : refused(e, place, facts, start.begun());
        }
    }

    /** From now on the name is this account's, whatever comes after. */
    private static void keepRegistered(AccountPlace place, AccountFacts facts) {
        try {
            facts.asRegistered().write(place);
        } catch (IOException e) {
            throw CommandFailure.input(
                    "cannot write to " + place.directory() + ": " + e.getMessage(), "run it again to go on");
        }
    }

    private void warn(ClientEvent event, AccountFacts facts, HttpDelivery server) {
        if (event instanceof KeyPackagesRefused refused) {
            terminal.say(Clocks.refused(refused, facts.server(), server.clockAhead()));
        }
    }

    private static CommandFailure unfinished(AccountPlace place, AccountFacts facts, CommandFailure why) {
        return CommandFailure.of(
                why.exitCode(),
                place.client() + " is registered at " + facts.server() + ", but others cannot invite it yet: "
                        + why.getMessage(),
                "any command that talks to the server goes on: coppice group list --as " + place.client());
    }

    private CommandFailure refused(DeliveryException e, AccountPlace place, AccountFacts facts, boolean begun)
            throws IOException {
        boolean isFinal = e.kind() == ProblemKind.NOT_ALLOWED || e.kind() == ProblemKind.REFUSED;
        if (isFinal && !begun) {
            Home.discard(place);
        }
        String refused = "refused by " + facts.server() + ": " + e.problem().detail();
        String stays = isFinal && begun ? "; what was begun stays in " + place.directory() : "";
        if (e.problem().detail().startsWith("the service takes clients with a certificate")) {
            return CommandFailure.check(
                    refused,
                    "ask its operator for a code, and give it with --code; or --id-token, if it takes those" + stays);
        }
        String advice = e.problem().rule().map(IdTokens::advice).orElse("");
        if (idTokens.isGiven() && !advice.isEmpty()) {
            return CommandFailure.check(refused, advice + stays);
        }
        if (e.kind() == ProblemKind.NOT_ALLOWED && !e.problem().detail().startsWith("the service takes")) {
            return CommandFailure.check(
                    place.client().user() + " is taken at " + facts.server(),
                    "choose another --name; for a further device of yours, run this where the first one is, with --device;"
                            + " if its only key is lost, the server's operator can free the name"
                            + stays);
        }
        return Failures.of(e, facts.server());
    }

    private Identity identityFor(
            ClientStore store, AccountPlace place, AccountFacts facts, HttpDelivery server, Start start)
            throws DeliveryException, IOException, CryptoException {
        try {
            return identity(place, facts, server, start.code());
        } catch (DeliveryException | IOException | CryptoException | RuntimeException e) {
            // No client has come to own it.
            store.close();
            throw e;
        }
    }

    /** A name with a new key: by itself, or by a certificate. */
    private Identity identity(AccountPlace place, AccountFacts facts, HttpDelivery server, Optional<String> code)
            throws DeliveryException, IOException, CryptoException {
        ClientEnvironment environment = ClientEnvironment.standard();
        CipherSuite chosen = new CipherSuite(suite);
        if (!isCertifiedAsked()) {
            return Identity.generate(environment, chosen, place.client());
        }
        Anchor anchor = Anchor.of(server.authority().anchor());
        if (fingerprint == null) {
            terminal.say("trusting the authority of " + facts.server() + ": " + anchor.fingerprint());
        } else if (!anchor.hasFingerprint(fingerprint)) {
            Home.discard(place);
            throw CommandFailure.check(
                    "the authority of " + facts.server() + " has another fingerprint: " + anchor.fingerprint(),
                    "ask who gave you the code");
        }
        Enrolment enrolment = Enrolment.begin(environment, chosen, place.client());
        Identity out = code.isPresent()
                ? enrolment.byCode(server.authority(), anchor, code.get())
                : enrolment.byToken(
                        server.authority(),
                        anchor,
                        idTokens.read(terminal, enrolment.request().nonce()));
        AccountFiles.write(place.anchor(), anchor.der().toByteArray());
        return out;
    }

    /** A further device of a user needs the word of one that the server knows: one in the same home will do. */
    private Optional<Voucher> voucher(AccountPlace place, Identity identity) throws DeliveryException, IOException {
        for (AccountPlace other : home.get().all()) {
            AccountFacts facts = AccountFacts.read(other);
            boolean fits = other.client().user().equals(place.client().user())
                    && !other.client().equals(place.client())
                    && facts.registered()
                    && facts.server().equals(url);
            if (fits) {
                try (Account account = Account.open(other, passphrases)) {
                    return Optional.of(account.delivery()
                            .voucher(account.client().identity(), identity.client(), identity.registered()));
                }
            }
        }
        return Optional.empty();
    }

    private void tell(AccountPlace place, AccountFacts facts) {
        if (json) {
            terminal.out()
                    .println(JsonNodeFactory.instance
                            .objectNode()
                            .put("client", place.client().toString())
                            .put("server", facts.server())
                            .put("directory", place.directory().toString()));
            return;
        }
        terminal.out().println(place.client() + " is registered at " + facts.server());
        terminal.say("kept in " + place.directory());
        terminal.say("next: coppice chat --as " + place.client().user()
                + (isGiven("--home") ? " --home " + home.get().directory() : ""));
    }
}
