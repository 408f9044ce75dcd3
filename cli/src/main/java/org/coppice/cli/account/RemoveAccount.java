package org.coppice.cli.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coppice account remove}. */
@Command(
        name = "remove",
        header = "Unregister a device of yours, and delete the account here.",
        description = {
            "Unregisters the account at its server, where nobody can invite it any more, and deletes its keys and conversations here. "
                    + "It stays a member of its conversations until somebody removes it: leave them before.",
            "With --device it is another device of yours, such as one that was lost, and nothing is deleted here."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice account remove --as alice/phone",
            "  coppice account remove --as alice --device phone --yes",
            "",
            "Exit codes: 0 done, 1 refused or not confirmed, 2 wrong usage, 3 no such account,",
            "69 server not reached, with nothing deleted."
        })
public final class RemoveAccount implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private AccountOptions options;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "another device of yours (default: the account itself)")
    private String device;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    /** @param terminal where to read and write */
    public RemoveAccount(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        AccountPlace place = options.place();
        ClientId target = device == null ? place.client() : other(place.client());
        AccountFacts facts = AccountFacts.read(place);
        boolean own = target.equals(place.client());
        tell(place, facts, target);
        if (!yes) {
            ask(target);
        }
        if (!own || facts.registered()) {
            unregister(place, target);
        }
        if (own) {
            delete(place);
        }
        terminal.out().println(target + " is removed");
        return ExitCode.SUCCESS;
    }

    private ClientId other(ClientId self) {
        try {
            return new ClientId(self.user(), device);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("no name of a device: " + device, "names are like phone");
        }
    }

    private void tell(AccountPlace place, AccountFacts facts, ClientId target) {
        terminal.say(target + " will be unregistered at " + facts.server() + ":");
        terminal.err().println("  nobody can invite it; invitations that wait for it are lost");
        terminal.err().println("  it stays in its conversations until somebody removes it");
        terminal.err()
                .println("  the name " + target.user() + " stays taken; without another device of " + target.user()
                        + " it is lost" + (Certified.is(place) ? " but for a new certificate" : ""));
        if (target.equals(place.client())) {
            terminal.err().println("  its keys and conversations here are deleted, for good");
        }
        if (Certified.is(place)) {
            terminal.err()
                    .println("  its certificate ends by itself, or when another device or the operator revokes it");
        }
    }

    private void ask(ClientId target) {
        if (!terminal.inIsTerminal()) {
            throw CommandFailure.usage("there is nobody to ask, and it cannot be undone", "say --yes");
        }
        terminal.err().print("type " + target + " to go on: ");
        terminal.err().flush();
        String typed;
        try {
            typed = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            typed = null;
        }
        if (typed == null || !typed.strip().equals(target.toString())) {
            throw CommandFailure.check("nothing was changed", "");
        }
    }

    private void unregister(AccountPlace place, ClientId target) {
        try (Account account = options.open(place)) {
            try {
                account.delivery().unregister(account.client().identity(), target);
            } catch (DeliveryException e) {
                if (e.kind() != ProblemKind.UNAUTHENTICATED || !target.equals(place.client())) {
                    throw Failures.of(e, account.server());
                }
                terminal.say(account.server() + " does not know " + target + " by this key any more");
            } catch (IOException e) {
                throw Failures.unreachable(account.server(), e);
            }
        } catch (StoreException e) {
            throw Failures.of(e, place.client());
        }
    }

    private static void delete(AccountPlace place) {
        try {
            Home.discard(place);
        } catch (IOException e) {
            throw CommandFailure.input(
                    "cannot delete all of " + place.directory() + ": " + e.getMessage(),
                    "the server has forgotten it; delete the rest by hand");
        }
    }
}
