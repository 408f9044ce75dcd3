package org.coppice.cli.account;

import java.nio.file.Files;
import java.nio.file.Path;
import org.coppice.delivery.api.ClientId;

/**
 * Where an account is kept: a directory of its own, which nobody else may enter.
 *
 * @param client whose account it is
 * @param directory the directory
 */
public record AccountPlace(ClientId client, Path directory) {
    /** The name of {@link #trust} in the directory. */
    static final String TRUST = "trust.pem";

    /** What everybody may know of the account, in JSON. */
    Path facts() {
        return directory.resolve("account.json");
    }

    /** The sealed store. */
    public Path store() {
        return directory.resolve("store.sqlite");
    }

    /** The key of the store, if no passphrase opens it. */
    Path key() {
        return directory.resolve("key");
    }

    /** The authorities that the server's certificate is checked against, in PEM, if not the platform's. */
    Path trust() {
        return directory.resolve(TRUST);
    }

    /** The authority whose certificates members have, in DER; not there for an account with a basic credential. */
    Path anchor() {
        return directory.resolve("authority.der");
    }

    /** The authority's last list of certificates that count no longer, in DER. */
    Path revocations() {
        return directory.resolve("revoked.crl");
    }

    boolean exists() {
        return Files.exists(facts());
    }
}
