package org.coppice.cli.account;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ClientEvent.KeyPackagesRefused;
import org.coppice.client.model.Connector;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.crypto.Secret;

/** An account that is open, as long as no other process has it. */
public final class Account implements AutoCloseable {
    private final ClientId id;
    private final AccountFacts facts;
    private final HttpDelivery server;
    private final Link link;
    private final CoppiceClient client;
    private final ClientEnvironment environment;
    private final Optional<Certified> certified;

    private Account(
            ClientId id,
            AccountFacts facts,
            HttpDelivery server,
            Link link,
            CoppiceClient client,
            ClientEnvironment environment,
            Optional<Certified> certified) {
        this.id = id;
        this.facts = facts;
        this.server = server;
        this.link = link;
        this.client = client;
        this.environment = environment;
        this.certified = certified;
    }

    static Account open(AccountPlace place, Passphrases passphrases) {
        AccountFacts facts = AccountFacts.read(place);
        if (!facts.registered()) {
            throw CommandFailure.input(
                    place.client() + " is not registered yet",
                    "go on with it: coppice account new --name "
                            + place.client().user() + " --device "
                            + place.client().device());
        }
        try (StoreKey key = key(place, facts, passphrases)) {
            ClientStore store = ClientStores.sqlite(place.store(), key);
            HttpDelivery server = Servers.of(place, facts);
            Link link = new Link(server);
            Optional<Certified> certified = Certified.is(place) ? Optional.of(Certified.open(place)) : Optional.empty();
            ClientEnvironment environment =
                    certified.map(Certified::environment).orElseGet(ClientEnvironment::standard);
            return new Account(
                    place.client(), facts, server, link, open(store, environment, link), environment, certified);
        } catch (StoreException e) {
            throw Failures.of(e, place.client());
        }
    }

    private static CoppiceClient open(ClientStore store, ClientEnvironment environment, Connector connector) {
        boolean done = false;
        try {
            CoppiceClient out = CoppiceClient.open(store, environment, connector);
            done = true;
            return out;
        } finally {
            if (!done) {
                store.close();
            }
        }
    }

    /** What opens the store of an account that is there; the caller closes it. */
    static StoreKey key(AccountPlace place, AccountFacts facts, Passphrases passphrases) {
        if (facts.opening() == AccountFacts.Opening.PASSPHRASE) {
            char[] passphrase = passphrases.ofExisting(place);
            try {
                return StoreKey.passphrase(passphrase);
            } finally {
                Arrays.fill(passphrase, '\0');
            }
        }
        try (Secret secret = Secret.wrap(Files.readAllBytes(place.key()))) {
            return StoreKey.of(secret);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.input(
                    "cannot read the key of " + place.client() + " in " + place.key(), "restore it from a copy");
        }
    }

    /** Whose account it is. */
    public ClientId id() {
        return id;
    }

    /** The URL of its server. */
    public String server() {
        return facts.server();
    }

    /** The way to its server. */
    public HttpDelivery delivery() {
        return server;
    }

    /** Whether its server answers. */
    public Link link() {
        return link;
    }

    /** The client. */
    public CoppiceClient client() {
        return client;
    }

    /** Takes in what is new and sends what waits, or fails with a message. Says what is wrong besides. */
    public void sync(Terminal terminal) {
        Consumer<ClientEvent> warns = event -> warning(event).ifPresent(terminal::say);
        client.listen(warns);
        try {
            sync(terminal::say);
        } finally {
            client.unlisten(warns);
        }
    }

    /** What a person has to know of an event that is of no conversation and stops nothing. */
    public Optional<String> warning(ClientEvent event) {
        return event instanceof KeyPackagesRefused refused
                ? Optional.of(Clocks.refused(refused, server(), server.clockAhead()))
                : Optional.empty();
    }

    /**
     * Takes in what is new and sends what waits, or fails with a message.
     *
     * @param remark told if the server takes its time
     */
    public void sync(Consumer<String> remark) {
        Slow slow = Slow.watch(() -> remark.accept("no answer of " + server() + " yet, still trying"), link::isReached);
        try {
            keepCertificate();
            client.sync();
        } catch (DeliveryException e) {
            throw Failures.of(e, server());
        } catch (IOException e) {
            throw Failures.unreachable(server(), e);
        } finally {
            slow.end();
        }
    }

    /** Whether it has a certificate, and members need one. */
    public boolean isCertified() {
        return certified.isPresent();
    }

    /** For an account with a certificate: gets the authority's list, and renews the certificate when that is due. */
    public void keepCertificate() throws DeliveryException, IOException {
        if (certified.isPresent()) {
            certified.get().keep(client, environment, server);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
