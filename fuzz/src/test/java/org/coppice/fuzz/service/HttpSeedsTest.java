package org.coppice.fuzz.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.junit.jupiter.api.Test;

/** The inputs that fuzzing begins with reach every route, once to be accepted and once to be refused. */
class HttpSeedsTest {
    /**
     * What is accepted there cannot be written down: a request for a certificate comes with a code that is made anew, and the other two
     * from a client that has a certificate. An outcome is known of a request that was just made.
     */
    private static final Set<String> WITHOUT_GOOD =
            Set.of("POST /v1/ca/enrolments", "POST /v1/ca/renewals", "POST /v1/ca/codes", "GET /v1/requests/{id}");

    @Test
    void everyRouteHasSeeds() throws Exception {
        Map<String, Set<String>> kinds = new TreeMap<>();
        Set<String> routes;
        try (Node node = new Node()) {
            routes = new TreeSet<>(node.served());
        }
        for (Path seed : Seeds.of(Targets.HTTP)) {
            String name = seed.getFileName().toString();
            String line = HttpTarget.line(Files.readAllBytes(seed)).replaceFirst("[?].*", "");
            routes.stream()
                    .filter(route -> line.matches(pattern(route)))
                    .forEach(route -> kinds.computeIfAbsent(route, key -> new TreeSet<>())
                            .add(name.substring(0, name.indexOf('-'))));
        }
        for (String route : routes) {
            Set<String> expected = WITHOUT_GOOD.contains(route) ? Set.of("bad") : Set.of("bad", "good");
            assertThat(kinds.getOrDefault(route, Set.of())).as(route).containsAll(expected);
        }
    }

    /** A name in braces is anything, or itself where the target fills it in. */
    private static String pattern(String route) {
        return route.replaceAll("[{][a-z]+[}]", "[^/]+");
    }
}
