package org.coppice.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.client.CoppiceClient;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.mls.group.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The public API as it is checked in, {@code docs/api}: whoever changes a signature changes a line there, and a reviewer sees it. After a
 * change that is meant, {@code -Dapi.write=true} writes the listings anew.
 */
class PublicApiTest {
    private static final Map<String, Class<?>> MODULES =
            Map.of("mls", Group.class, "delivery-api", DeliverySession.class, "client", CoppiceClient.class);

    @ParameterizedTest
    @CsvSource({"mls", "delivery-api", "client"})
    void theListingIsWhatTheModuleOffers(String module) throws IOException {
        Path listing = root().resolve("docs/api").resolve(module + ".txt");
        String present = PublicApi.of(MODULES.get(module));
        if (Boolean.getBoolean("api.write")) {
            Files.writeString(listing, present);
        }
        assertThat(present.lines().toList())
                .as("%s differs from the code; if that is meant, run this test with -Dapi.write=true", listing)
                .isEqualTo(Files.readAllLines(listing));
    }

    /** Types of the platform that docs/API.md names. */
    private static final Set<String> OF_JAVA =
            Set.of("AutoCloseable", "Optional", "IllegalArgumentException", "IllegalStateException", "AssertionError");

    @Test
    void thePageOnTheApiNamesWhatThereIs() throws IOException {
        StringBuilder listed = new StringBuilder();
        for (Class<?> member : MODULES.values()) {
            listed.append(PublicApi.of(member));
        }
        Set<String> words = new HashSet<>(List.of(listed.toString().split("\\W+")));
        List<String> wrong = new ArrayList<>();
        Matcher named = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?[`(]")
                .matcher(Files.readString(root().resolve("docs/API.md")));
        while (named.find()) {
            boolean member = named.group(2) == null || words.contains(named.group(2));
            if (!OF_JAVA.contains(named.group(1)) && !(words.contains(named.group(1)) && member)) {
                wrong.add(named.group());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("VALIDATION.md"))) {
            at = at.getParent();
        }
        return at;
    }

    // ---- the describer itself

    @SuppressWarnings("unused")
    abstract static class Sample<T extends Comparable<T>> implements Supplier<T> {
        public static final int CONSTANT = 1;
        protected String seenByHeirs = "";
        String hidden = "";

        protected Sample(Map<String, ? super List<T[]>> argument) throws IOException {
            // Nothing to keep.
        }

        public abstract <X> X generic(Map<? extends T, X> in, int... numbers);

        void hidden() {
            // Nothing to do.
        }

        @Override
        public String toString() {
            return "";
        }
    }

    record Pair(int left, String right) {
        Pair(int left) {
            this(left, "");
        }

        public static Pair of() {
            return new Pair(0);
        }

        public int sum() {
            return left + right.length();
        }
    }

    enum Order {
        SECOND,
        FIRST
    }

    @Test
    void membersAreListedWithWhatACallerSees() {
        assertThat(ApiType.describe(Sample.class).strip().lines().map(String::strip))
                .containsExactly(
                        "abstract class PublicApiTest.Sample<T extends Comparable<T>> implements Supplier<T>",
                        "protected String seenByHeirs",
                        "static final int CONSTANT",
                        "protected Sample(Map<String, ? super List<T[]>>) throws IOException",
                        "abstract <X> X generic(Map<? extends T, X>, int...)");
        assertThat(ApiType.describe(Pair.class).strip().lines().map(String::strip))
                .containsExactly(
                        "record PublicApiTest.Pair(int left, String right)",
                        "static PublicApiTest.Pair of()",
                        "int sum()");
        assertThat(ApiType.describe(Order.class).strip().lines().map(String::strip))
                .containsExactly("enum PublicApiTest.Order", "SECOND", "FIRST");
    }

    @Test
    void whatIsExportedToNamedModulesOnlyIsNotListed() throws IOException {
        String listing = PublicApi.of(Group.class);
        assertThat(listing)
                .contains("package org.coppice.mls.group")
                .doesNotContain("package org.coppice.mls.schedule");
    }
}
