package org.coppice.cli.account;

import java.io.IOException;
import java.util.Optional;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.delivery.api.DeliveryException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coppice account code}. */
@Command(
        name = "code",
        header = "Make a one-time code for a further device of yours.",
        description = "Asks the server's authority for a code by which another device of yours gets a certificate.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice account code --as alice --device phone",
            "  coppice account code --as alice | ssh other coppice account new --name alice --device phone --code -",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no such account,",
            "69 server not reached."
        })
public final class AccountCode extends AsAccount {
    @Option(names = "--device", paramLabel = "NAME", description = "for this device only (default: any)")
    private String device;

    /** @param terminal where to read and write */
    public AccountCode(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected int run(Account account) {
        try {
            String code =
                    account.delivery().authority().makeCode(account.client().identity(), Optional.ofNullable(device));
            terminal.out().println(Texts.oneLine(code));
            return ExitCode.SUCCESS;
        } catch (DeliveryException e) {
            throw Failures.of(e, account.server());
        } catch (IOException e) {
            throw Failures.unreachable(account.server(), e);
        }
    }
}
