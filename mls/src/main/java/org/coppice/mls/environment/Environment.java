package org.coppice.mls.environment;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.state.StateStore;

/**
 * Everything ambient that groups depend on: cryptography, randomness, time, the application's judgement, storage. With seeded
 * randomness and a fixed clock a run can be replayed. Immutable and thread safe, as its parts have to be.
 */
public final class Environment {
    private final Builder values;
    private final Map<CipherSuite, SuiteCrypto> suites = new ConcurrentHashMap<>();

    private Environment(Builder values) {
        this.values = values;
    }

    /** A builder with the defaults and without a validator. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this environment. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /**
     * The operations of a suite.
     *
     * @throws CryptoException if the provider lacks it ({@link CryptoException.Reason#UNSUPPORTED})
     */
    public SuiteCrypto crypto(CipherSuite suite) throws CryptoException {
        SuiteCrypto known = suites.get(suite);
        if (known != null) {
            return known;
        }
        SuiteCrypto made = SuiteCrypto.of(suite, values.provider, values.randomness);
        SuiteCrypto raced = suites.putIfAbsent(suite, made);
        return raced == null ? made : raced;
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

    /** Who judges credentials. */
    public CredentialValidator validator() {
        return values.validator;
    }

    /** What the application decided for its groups. */
    public GroupPolicy policy() {
        return values.policy;
    }

    /** What decoders accept. */
    public DecodeLimits limits() {
        return values.limits;
    }

    /** Who helps to verify. */
    public Workers workers() {
        return values.workers;
    }

    /** Where state is written. */
    public StateStore store() {
        return values.store;
    }

    /** Where pre-shared keys come from. */
    public PskSource psks() {
        return values.psks;
    }

    /** Builds an environment. Not thread safe. */
    public static final class Builder {
        private CryptoProvider provider;
        private Randomness randomness = Randomness.system();
        private Clock clock = Clock.systemUTC();
        private CredentialValidator validator;
        private GroupPolicy policy = GroupPolicy.DEFAULT;
        private DecodeLimits limits = DecodeLimits.DEFAULT;
        private Workers workers = Workers.sequential();
        private StateStore store = StateStore.none();
        private PskSource psks = PskSource.none();

        private Builder() {}

        private Builder(Builder from) {
            provider = from.provider;
            randomness = from.randomness;
            clock = from.clock;
            validator = from.validator;
            policy = from.policy;
            limits = from.limits;
            workers = from.workers;
            store = from.store;
            psks = from.psks;
        }

        /** Sets where primitives come from; without it, the best of what is on the class path. */
        public Builder provider(CryptoProvider value) {
            provider = Objects.requireNonNull(value, "provider");
            return this;
        }

        /** Sets where random bytes come from; without it, the system's generator. */
        public Builder randomness(Randomness value) {
            randomness = Objects.requireNonNull(value, "randomness");
            return this;
        }

        /** Sets what time it is; without it, the system's clock. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** Sets who judges credentials. There is no default: nobody's identity is believed by accident. */
        public Builder validator(CredentialValidator value) {
            validator = Objects.requireNonNull(value, "validator");
            return this;
        }

        /** Sets the policy of groups. */
        public Builder policy(GroupPolicy value) {
            policy = Objects.requireNonNull(value, "policy");
            return this;
        }

        /** Sets what decoders accept. */
        public Builder limits(DecodeLimits value) {
            limits = Objects.requireNonNull(value, "limits");
            return this;
        }

        /** Sets who helps to verify; without it, the calling thread alone. */
        public Builder workers(Workers value) {
            workers = Objects.requireNonNull(value, "workers");
            return this;
        }

        /** Sets where state is written; without it, nowhere. */
        public Builder store(StateStore value) {
            store = Objects.requireNonNull(value, "store");
            return this;
        }

        /** Sets where pre-shared keys come from; without it, there are none but the groups' own. */
        public Builder psks(PskSource value) {
            psks = Objects.requireNonNull(value, "psks");
            return this;
        }

        /** The environment; throws {@link IllegalStateException} without a validator. */
        public Environment build() {
            if (validator == null) {
                throw new IllegalStateException(
                        "who judges credentials? set a validator (CredentialValidator.acceptAll() for a first try)");
            }
            Builder copy = new Builder(this);
            if (copy.provider == null) {
                copy.provider = CryptoProviders.best();
            }
            return new Environment(copy);
        }
    }
}
