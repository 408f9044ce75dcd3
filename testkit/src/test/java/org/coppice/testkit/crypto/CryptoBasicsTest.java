package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.testkit.vectors.VectorCase;
import org.coppice.testkit.vectors.VectorReader;
import org.coppice.testkit.vectors.VectorResult;
import org.coppice.testkit.vectors.VectorVerifier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The working group's vectors of the labelled operations, in all suites, with each provider before the others. */
class CryptoBasicsTest {
    static Stream<Named<CryptoProvider>> providers() {
        CryptoProvider jdk = CryptoProviders.jdk();
        return Stream.concat(
                Samples.providers().stream()
                        .map(p -> Named.of(p.name() + " first", (CryptoProvider) CryptoProviders.of(p, jdk))),
                Stream.of(Named.of("the best", (CryptoProvider) CryptoProviders.best())));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void allCasesPass(CryptoProvider provider) throws Exception {
        Path file = Path.of(System.getProperty("mls.vectors", "."), "crypto-basics.json");
        assumeTrue(Files.exists(file), "the vectors are not at hand");
        VectorVerifier verifier = new VectorVerifier(provider);
        try (VectorReader reader = VectorReader.open(file)) {
            List<VectorCase> cases = reader.readAll();
            assertThat(cases).hasSizeGreaterThanOrEqualTo(7);
            for (VectorCase vector : cases) {
                VectorResult result = verifier.verify(vector);
                assertThat(result.outcome()).as(result.toString()).isEqualTo(VectorResult.Outcome.PASSED);
            }
        }
    }
}
