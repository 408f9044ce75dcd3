package org.coppice.cli.account;

import java.io.IOException;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coppice account revoke}. */
@Command(
        name = "revoke",
        header = "Revoke the certificates of a device that you have lost.",
        description = {
            "Has the server's authority revoke all certificates of another device of yours: it is logged out, its key packages are "
                    + "taken back, and members see that it is revoked. It stays in its conversations until a member removes it."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice account revoke --as alice --client alice/phone",
            "  coppice account revoke --client alice/phone --compromised",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no such account,",
            "69 server not reached."
        })
public final class RevokeDevice extends AsAccount {
    @Option(names = "--client", paramLabel = "USER/DEVICE", required = true, description = "the device, one of yours")
    private String client;

    @Option(names = "--compromised", description = "somebody else may have its key")
    private boolean compromised;

    /** @param terminal where to read and write */
    public RevokeDevice(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected int run(Account account) {
        ClientId device = device(account.id());
        int revoked;
        try {
            revoked = account.delivery().authority().revoke(account.client().identity(), device, compromised);
        } catch (DeliveryException e) {
            throw Failures.of(e, account.server());
        } catch (IOException e) {
            throw Failures.unreachable(account.server(), e);
        }
        if (revoked == 0) {
            throw CommandFailure.check(
                    device + " has no certificate that is valid", "is it the right name? nothing was changed");
        }
        terminal.out().println(device + " is revoked");
        terminal.say("it can read on until it is removed: coppice group remove, in each conversation");
        return ExitCode.SUCCESS;
    }

    private ClientId device(ClientId self) {
        ClientId out;
        try {
            out = ClientId.parse(client);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("no name of a device: " + client, "such as " + self.user() + "/phone");
        }
        if (!out.user().equals(self.user())) {
            throw CommandFailure.usage(
                    out + " is no device of " + self.user(), "the server's operator can revoke those of others");
        }
        if (out.equals(self)) {
            throw CommandFailure.usage(
                    out + " is the account that asks, and would lock itself out", "ask with another device: --as");
        }
        return out;
    }
}
