package org.coppice.client.model;

import java.time.Duration;
import java.util.Objects;

/**
 * What RFC 9750 §7 leaves to a deployment, as far as it is the client's. All clients of a deployment should have the same. Immutable;
 * {@link #toBuilder()} changes a copy. {@code docs/CLIENT.md} gives the reasons of the defaults.
 */
public final class Parameters {
    /** The defaults. */
    public static final Parameters DEFAULT = new Builder().build();

    private final Builder values;

    private Parameters(Builder values) {
        this.values = values;
    }

    /** A builder that starts from these. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** After how long a client refreshes its keys in a conversation. */
    public Duration refreshAge() {
        return values.refreshAge;
    }

    /** After how many epochs without an own Commit. */
    public int refreshEpochs() {
        return values.refreshEpochs;
    }

    /** After how many own messages. */
    public int refreshMessages() {
        return values.refreshMessages;
    }

    /** How many key packages the service is given to hand out. */
    public int keyPackages() {
        return values.keyPackages;
    }

    /** At how many left there new ones are made. */
    public int keyPackagesLow() {
        return values.keyPackagesLow;
    }

    /** After how long a last-resort key package is replaced, used or not. */
    public Duration lastResortAge() {
        return values.lastResortAge;
    }

    /**
     * How long the private keys of a last-resort key package that was replaced, by another or with the signature key, are kept for
     * Welcomes on their way. Those of ordinary ones are kept until they are used or not valid any more.
     */
    public Duration lastResortGrace() {
        return values.lastResortGrace;
    }

    /** How many epochs back late messages are read. */
    public int pastEpochs() {
        return values.pastEpochs;
    }

    /**
     * Of how many messages of epochs not reached yet a conversation keeps the places in the log, where they are read again when their epoch
     * begins; further ones are given up.
     */
    public int earlyMessages() {
        return values.earlyMessages;
    }

    /** How much later each member in the order of committers steps in when proposals wait. */
    public Duration commitStep() {
        return values.commitStep;
    }

    /** The longest pause after a lost race. */
    public Duration maxBackoff() {
        return values.maxBackoff;
    }

    /** How often a client may rejoin a conversation by itself within a day; 0 for never. */
    public int rejoinsPerDay() {
        return values.rejoinsPerDay;
    }

    /** How long a client that cannot follow waits before it rejoins by itself: this time, and at random up to as much again. */
    public Duration rejoinAfter() {
        return values.rejoinAfter;
    }

    /** Builds parameters. Not thread safe. */
    public static final class Builder {
        private Duration refreshAge = Duration.ofDays(7);
        private int refreshEpochs = 200;
        private int refreshMessages = 5000;
        private int keyPackages = 64;
        private int keyPackagesLow = 32;
        private Duration lastResortAge = Duration.ofDays(30);
        private Duration lastResortGrace = Duration.ofDays(7);
        private int pastEpochs = 2;
        private int earlyMessages = 256;
        private Duration commitStep = Duration.ofSeconds(2);
        private Duration maxBackoff = Duration.ofSeconds(2);
        private int rejoinsPerDay = 3;
        private Duration rejoinAfter = Duration.ofSeconds(3);

        private Builder() {}

        private Builder(Builder from) {
            refreshAge = from.refreshAge;
            refreshEpochs = from.refreshEpochs;
            refreshMessages = from.refreshMessages;
            keyPackages = from.keyPackages;
            keyPackagesLow = from.keyPackagesLow;
            lastResortAge = from.lastResortAge;
            lastResortGrace = from.lastResortGrace;
            pastEpochs = from.pastEpochs;
            earlyMessages = from.earlyMessages;
            commitStep = from.commitStep;
            maxBackoff = from.maxBackoff;
            rejoinsPerDay = from.rejoinsPerDay;
            rejoinAfter = from.rejoinAfter;
        }

        /** Sets after how long, how many epochs, and how many own messages keys are refreshed. */
        public Builder refresh(Duration age, int epochs, int messages) {
            refreshAge = positive(age);
            refreshEpochs = positive(epochs);
            refreshMessages = positive(messages);
            return this;
        }

        /** Sets how many key packages are in stock, and at how many the stock is filled up. */
        public Builder keyPackages(int stock, int low) {
            keyPackages = positive(stock);
            keyPackagesLow = low;
            return this;
        }

        /** Sets when a last-resort key package is replaced, and how long its private key is kept then. */
        public Builder lastResort(Duration age, Duration grace) {
            lastResortAge = positive(age);
            lastResortGrace = Objects.requireNonNull(grace, "grace");
            return this;
        }

        /** Sets how many epochs back late messages are read. */
        public Builder pastEpochs(int value) {
            pastEpochs = value;
            return this;
        }

        /** Sets how many early messages of a conversation may wait. */
        public Builder earlyMessages(int value) {
            earlyMessages = value;
            return this;
        }

        /** Sets how much later each further member commits waiting proposals. */
        public Builder commitStep(Duration value) {
            commitStep = Objects.requireNonNull(value, "commitStep");
            return this;
        }

        /** Sets the longest pause after a lost race. */
        public Builder maxBackoff(Duration value) {
            maxBackoff = positive(value);
            return this;
        }

        /** Sets how often a client may rejoin a conversation by itself within a day; 0 leaves it to the user. */
        public Builder rejoinsPerDay(int value) {
            rejoinsPerDay = value;
            return this;
        }

        /** Sets how long a client that cannot follow waits before it rejoins by itself. */
        public Builder rejoinAfter(Duration value) {
            rejoinAfter = Objects.requireNonNull(value, "rejoinAfter");
            return this;
        }

        private static int positive(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("must be positive");
            }
            return value;
        }

        private static Duration positive(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("must be positive");
            }
            return value;
        }

        /** The parameters. */
        public Parameters build() {
            return new Parameters(new Builder(this));
        }
    }
}
