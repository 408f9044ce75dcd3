package org.coppice.cli.account;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.ConversationView;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Stock;

/** Looks at accounts for whoever wants to know why something does not work. */
public final class AccountCheck {
    private final AccountOptions options;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Boolean> servers = new LinkedHashMap<>();

    /** @param options which accounts */
    public AccountCheck(AccountOptions options) {
        this.options = options;
    }

    /** What was found, account by account. */
    public List<Finding> findings() {
        boolean chosen = options.name() != null;
        List<AccountPlace> places =
                chosen ? List.of(options.place()) : options.home().all();
        if (places.isEmpty()) {
            findings.add(new Finding(
                    true, "no account in " + options.home().directory(), "make one: coppice account new --name alice"));
        }
        for (AccountPlace place : places) {
            try {
                check(place, chosen || options.opensAlone(place));
            } catch (CommandFailure e) {
                findings.add(Finding.bad(e.getMessage(), e.hint()));
            }
        }
        return findings;
    }

    private void check(AccountPlace place, boolean opens) {
        AccountFacts facts = AccountFacts.read(place);
        boolean isReached = servers.computeIfAbsent(facts.server(), url -> reach(place, facts));
        if (!facts.registered()) {
            findings.add(Finding.bad(
                    place.client() + " is not registered yet",
                    "go on: coppice account new --name " + place.client().user()));
            return;
        }
        if (!opens) {
            findings.add(new Finding(
                    true, place.client() + " has a passphrase", "look closer: coppice doctor --as " + place.client()));
            return;
        }
        try (Account account = options.open(place)) {
            findings.add(Finding.good("the store of " + place.client() + " opens"));
            standing(account);
            if (isReached) {
                stock(account);
            }
        } catch (StoreException e) {
            throw Failures.of(e, place.client());
        } catch (CommandFailure e) {
            if (e.exitCode() != ExitCode.LATER) {
                throw e;
            }
            findings.add(new Finding(true, e.getMessage(), "that may be as it should"));
        }
    }

    private boolean reach(AccountPlace place, AccountFacts facts) {
        ServerProbe.Answer answer;
        try {
            answer = ServerProbe.ask(facts.server(), Optional.of(place.trust()));
        } catch (IOException e) {
            CommandFailure failure = Failures.unreachable(facts.server(), e);
            findings.add(Finding.bad(failure.getMessage(), failure.hint()));
            return false;
        }
        if (!answer.isCoppice()) {
            CommandFailure failure = Failures.strangeAnswer(facts.server(), "the answer is " + answer.status());
            findings.add(Finding.bad(failure.getMessage(), failure.hint()));
            return false;
        }
        findings.add(Finding.good(
                facts.server() + " answers, in " + answer.roundTrip().toMillis() + " ms"));
        answer.skew().ifPresent(skew -> findings.add(Clocks.compared(facts.server(), skew.negated())));
        return true;
    }

    private void standing(Account account) {
        CoppiceClient client = account.client();
        for (var conversation : client.conversations()) {
            ConversationView view = conversation.view();
            if (view.status() == ConversationStatus.STUCK || view.status() == ConversationStatus.DAMAGED) {
                findings.add(Finding.bad(
                        account.id() + " cannot follow “" + view.name() + "”: " + view.reason(),
                        "in a chat: /rejoin takes its place again"));
            } else if (view.waiting() > 0) {
                findings.add(new Finding(
                        true, view.waiting() + " things wait in “" + view.name() + "”", "a chat goes on with them"));
            }
        }
    }

    private void stock(Account account) {
        try (DeliverySession session =
                account.delivery().connect(account.client().identity())) {
            Stock.OfSuite stock =
                    session.keyPackageStock().of(account.client().identity().suite());
            boolean isLow = stock.ordinary() == 0;
            findings.add(new Finding(
                    stock.lastResort().isPresent() || !isLow,
                    "others can invite " + account.id() + ": " + stock.ordinary() + " of "
                            + Parameters.DEFAULT.keyPackages() + " key packages are left"
                            + (stock.lastResort().isPresent() ? ", and the last resort" : ""),
                    isLow
                            ? "any command that talks to the server makes new ones, if the clock is right: coppice group list"
                            : ""));
        } catch (DeliveryException e) {
            CommandFailure failure = Failures.of(e, account.server());
            findings.add(Finding.bad(failure.getMessage(), failure.hint()));
        } catch (IOException e) {
            CommandFailure failure = Failures.unreachable(account.server(), e);
            findings.add(Finding.bad(failure.getMessage(), failure.hint()));
        }
    }
}
