package org.coppice.client.model;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;

/**
 * Everything ambient that a client depends on. With seeded randomness, a clock and a sleeper of one's own, and a service in the same
 * process, a run can be replayed. Immutable; thread safe, as its parts have to be.
 */
public final class ClientEnvironment {
    private final Builder values;

    private ClientEnvironment(Builder values) {
        this.values = values;
    }

    /** Waits, or lets simulated time pass. */
    @FunctionalInterface
    public interface Sleeper {
        /**
         * Returns after {@code duration}.
         *
         * @throws InterruptedException if the thread is interrupted
         */
        void sleep(Duration duration) throws InterruptedException;
    }

    /** The defaults: the system's clock and randomness, the best cryptography on the class path, names in credentials believed. */
    public static ClientEnvironment standard() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where primitives come from. */
    public CryptoProvider provider() {
        return values.provider;
    }

    /** Where random bytes come from. */
    public Randomness randomness() {
        return values.randomness;
    }

    /** What time it is. */
    public Clock clock() {
        return values.clock;
    }

    /** How to wait. */
    public Sleeper sleeper() {
        return values.sleeper;
    }

    /** Who judges credentials. */
    public CredentialValidator validator() {
        return values.validator;
    }

    /** Who helps to verify large groups. */
    public Workers workers() {
        return values.workers;
    }

    /** What the deployment has decided. */
    public Parameters parameters() {
        return values.parameters;
    }

    /** Builds an environment. Not thread safe. */
    public static final class Builder {
        private CryptoProvider provider;
        private Randomness randomness = Randomness.system();
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = duration -> Thread.sleep(duration.toMillis());
        private CredentialValidator validator = new NamedClients();
        private Workers workers = Workers.sequential();
        private Parameters parameters = Parameters.DEFAULT;

        private Builder() {}

        /** Sets where primitives come from. */
        public Builder provider(CryptoProvider value) {
            provider = Objects.requireNonNull(value, "provider");
            return this;
        }

        /** Sets where random bytes come from. */
        public Builder randomness(Randomness value) {
            randomness = Objects.requireNonNull(value, "randomness");
            return this;
        }

        /** Sets what time it is. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** Sets how to wait. */
        public Builder sleeper(Sleeper value) {
            sleeper = Objects.requireNonNull(value, "sleeper");
            return this;
        }

        /** Sets who judges credentials; without it {@link NamedClients}. */
        public Builder validator(CredentialValidator value) {
            validator = Objects.requireNonNull(value, "validator");
            return this;
        }

        /** Sets who helps to verify large groups; without it, the calling thread alone. */
        public Builder workers(Workers value) {
            workers = Objects.requireNonNull(value, "workers");
            return this;
        }

        /** Sets what the deployment has decided. */
        public Builder parameters(Parameters value) {
            parameters = Objects.requireNonNull(value, "parameters");
            return this;
        }

        /** The environment. */
        public ClientEnvironment build() {
            Builder copy = new Builder();
            copy.provider = provider == null ? CryptoProviders.best() : provider;
            copy.randomness = randomness;
            copy.clock = clock;
            copy.sleeper = sleeper;
            copy.validator = validator;
            copy.workers = workers;
            copy.parameters = parameters;
            return new ClientEnvironment(copy);
        }
    }
}
