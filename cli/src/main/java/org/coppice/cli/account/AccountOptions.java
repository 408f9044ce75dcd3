package org.coppice.cli.account;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say as whom a command acts. */
public final class AccountOptions {
    @Option(
            names = "--as",
            paramLabel = "NAME",
            defaultValue = "${env:COPPICE_AS}",
            description = "your account: USER, or USER/DEVICE (default: $COPPICE_AS, or the only one there is)")
    private String name;

    @Mixin
    private HomeOption home;

    @Mixin
    private Passphrases passphrases;

    AccountOptions() {}

    /** The account; the caller closes it. */
    public Account open() {
        return Account.open(place(), passphrases);
    }

    /** Where the account is. */
    public AccountPlace place() {
        return home.get().find(name == null || name.isEmpty() ? null : name);
    }

    /** Opens an account without asking anybody; fails if that takes a passphrase that is not at hand. */
    public Account open(AccountPlace place) {
        return Account.open(place, passphrases);
    }

    /** Whether {@link #open(AccountPlace)} needs no person. */
    public boolean opensAlone(AccountPlace place) {
        return AccountFacts.read(place).opening() == AccountFacts.Opening.KEY_FILE || passphrases.isGiven();
    }

    /** Where accounts are. */
    public Home home() {
        return home.get();
    }

    /** The name that was given, or null. */
    public String name() {
        return name == null || name.isEmpty() ? null : name;
    }
}
