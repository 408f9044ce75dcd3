package org.coppice.cli.account;

import java.util.concurrent.Callable;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.client.store.StoreException;
import picocli.CommandLine.Mixin;

/** A command that acts as somebody: opens the account, and tells what went wrong with it in the words of a user. */
public abstract class AsAccount implements Callable<Integer> {
    /** Where to read and write. */
    protected final Terminal terminal;

    @Mixin
    private AccountOptions options;

    /** @param terminal where to read and write */
    protected AsAccount(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        AccountPlace place = options.place();
        try (Account account = options.open(place)) {
            return run(account);
        } catch (StoreException e) {
            throw Failures.of(e, place.client());
        }
    }

    /**
     * Does it.
     *
     * @return one of {@link org.coppice.cli.ExitCode}
     * @throws CommandFailure if it cannot be done
     */
    protected abstract int run(Account account);
}
