package org.coppice.mls.crypto;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.coppice.mls.crypto.CryptoReport.Choice;
import org.coppice.mls.crypto.CryptoReport.PassedOver;

/**
 * Several providers as one: each primitive comes from the first in order of preference whose implementation loads and passes
 * its known-answer test. That happens once, on the first call for the primitive, and holds for the life of this object; an
 * application makes one and shares it. Thread safe. Made by {@link CryptoProviders}.
 */
public final class CompositeCryptoProvider implements CryptoProvider {
    private final List<CryptoProvider> providers;
    private final boolean asGiven;
    /** What kept providers from being found at all. */
    private final List<PassedOver> notFound;

    private final Map<HashAlgorithm, Selection<Hash>> hashes = new ConcurrentHashMap<>();
    private final Map<AeadAlgorithm, Selection<Aead>> aeads = new ConcurrentHashMap<>();
    private final Map<NamedCurve, Selection<DiffieHellman>> curves = new ConcurrentHashMap<>();
    private final Map<SignatureAlgorithm, Selection<SignatureScheme>> signatures = new ConcurrentHashMap<>();

    /**
     * @param asGiven whether the order of the list decides, else each primitive's preference does, and the list among equals
     */
    CompositeCryptoProvider(List<CryptoProvider> providers, boolean asGiven, List<PassedOver> notFound) {
        this.providers = List.copyOf(providers);
        this.asGiven = asGiven;
        this.notFound = List.copyOf(notFound);
    }

    /** The names of its providers in the order of the list, such as "conscrypt+bc+jdk". */
    @Override
    public String name() {
        List<String> names = new ArrayList<>();
        for (CryptoProvider provider : providers) {
            names.add(provider.name());
        }
        return String.join("+", names);
    }

    /** The highest preference among its providers. */
    @Override
    public int preference(Primitive primitive) {
        int max = 0;
        for (CryptoProvider provider : providers) {
            max = Math.max(max, provider.preference(primitive));
        }
        return max;
    }

    @Override
    public Optional<Hash> hash(HashAlgorithm algorithm) {
        return select(algorithm).implementation;
    }

    @Override
    public Optional<Aead> aead(AeadAlgorithm algorithm) {
        return select(algorithm).implementation;
    }

    @Override
    public Optional<DiffieHellman> diffieHellman(NamedCurve curve) {
        return select(curve).implementation;
    }

    @Override
    public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
        return select(algorithm).implementation;
    }

    /** A standard suite from the primitives chosen here; any other from the first provider in the list that has it. */
    @Override
    public Optional<SuiteParts> suite(CipherSuite suite) {
        if (StandardSuite.of(suite).isPresent()) {
            return CryptoProvider.super.suite(suite);
        }
        for (CryptoProvider provider : providers) {
            Optional<SuiteParts> parts = provider.suite(suite);
            if (parts.isPresent()) {
                return parts;
            }
        }
        return Optional.empty();
    }

    /**
     * Which provider serves each primitive and why others were passed over. Loads all primitives, so it takes up to a second
     * if native libraries come in.
     */
    public CryptoReport report() {
        List<Choice> choices = new ArrayList<>();
        for (HashAlgorithm algorithm : HashAlgorithm.values()) {
            choices.add(select(algorithm).choice);
        }
        for (AeadAlgorithm algorithm : AeadAlgorithm.values()) {
            choices.add(select(algorithm).choice);
        }
        for (NamedCurve curve : NamedCurve.values()) {
            choices.add(select(curve).choice);
        }
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            choices.add(select(algorithm).choice);
        }
        return new CryptoReport(notFound, choices);
    }

    private Selection<Hash> select(HashAlgorithm algorithm) {
        return hashes.computeIfAbsent(algorithm, a -> select(a, p -> p.hash(a), KnownAnswers::check));
    }

    private Selection<Aead> select(AeadAlgorithm algorithm) {
        return aeads.computeIfAbsent(algorithm, a -> select(a, p -> p.aead(a), KnownAnswers::check));
    }

    private Selection<DiffieHellman> select(NamedCurve curve) {
        return curves.computeIfAbsent(
                curve, c -> select(c, p -> p.diffieHellman(c).map(DiffieHellman::checked), KnownAnswers::check));
    }

    private Selection<SignatureScheme> select(SignatureAlgorithm algorithm) {
        return signatures.computeIfAbsent(
                algorithm, a -> select(a, p -> p.signatures(a).map(SignatureScheme::checked), KnownAnswers::check));
    }

    private <T> Selection<T> select(Primitive primitive, Function<CryptoProvider, Optional<T>> load, Test<T> test) {
        List<PassedOver> passedOver = new ArrayList<>();
        for (CryptoProvider provider : inOrder(primitive)) {
            try {
                Optional<T> loaded = load.apply(provider);
                if (loaded.isPresent()) {
                    test.run(loaded.get());
                    return new Selection<>(loaded, new Choice(primitive, Optional.of(provider.name()), passedOver));
                }
                String why = provider.unavailableReason(primitive).orElse("does not work here");
                passedOver.add(new PassedOver(provider.name(), why));
            } catch (Exception | LinkageError | AssertionError e) {
                // Whatever a provider does wrong at first use, the next in line serves instead; the report tells.
                passedOver.add(new PassedOver(provider.name(), e.toString()));
            }
        }
        return new Selection<>(Optional.empty(), new Choice(primitive, Optional.empty(), passedOver));
    }

    private List<CryptoProvider> inOrder(Primitive primitive) {
        List<CryptoProvider> offering = new ArrayList<>();
        for (CryptoProvider provider : providers) {
            if (provider.preference(primitive) > 0) {
                offering.add(provider);
            }
        }
        if (!asGiven) {
            Collections.sort(offering, (a, b) -> Integer.compare(b.preference(primitive), a.preference(primitive)));
        }
        return offering;
    }

    @Override
    public String toString() {
        return "CompositeCryptoProvider[" + name() + "]";
    }

    private interface Test<T> {
        void run(T implementation) throws Exception;
    }

    private static final class Selection<T> {
        private final Optional<T> implementation;
        private final Choice choice;

        Selection(Optional<T> implementation, Choice choice) {
            this.implementation = implementation;
            this.choice = choice;
        }
    }
}
