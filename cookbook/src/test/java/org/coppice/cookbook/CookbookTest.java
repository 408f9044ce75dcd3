package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/COOKBOOK.md shows what is compiled and run here, and what it prints. With {@code -Dcookbook.write=true} the document gets the
 * sources and the output, for its author to look at.
 */
@Timeout(300)
class CookbookTest {
    private static final Map<String, Recipe> RECIPES = new LinkedHashMap<>();

    static {
        RECIPES.put("TwoPeople", TwoPeople::cook);
        RECIPES.put("Bot", Bot::cook);
        RECIPES.put("TwoMembers", TwoMembers::cook);
        RECIPES.put("CertifiedMembership", CertifiedMembership::cook);
        RECIPES.put("ExternalEntry", ExternalEntry::cook);
        RECIPES.put("PreSharedKeys", PreSharedKeys::cook);
        RECIPES.put("NewSuite", NewSuite::cook);
        RECIPES.put("SignerElsewhere", SignerElsewhere::cook);
        RECIPES.put("OwnStateStore", OwnStateStore::cook);
        RECIPES.put("OwnClientStore", OwnClientStore::cook);
        RECIPES.put("OwnDelivery", OwnDelivery::cook);
        RECIPES.put("Observer", Observer::cook);
        RECIPES.put("LostState", LostState::cook);
        RECIPES.put("LostDevice", LostDevice::cook);
        RECIPES.put("InKotlin", InKotlin::cook);
    }

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> eachRecipePrintsWhatTheDocumentShows() {
        return RECIPES.keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String printed = printed(name);
                    Document.rewrite("prints: " + name, printed);
                    assertThat(Document.read().block("prints: " + name)).isEqualTo(printed);
                }));
    }

    private String printed(String name) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RECIPES.get(name).cook(new PrintStream(out, true, UTF_8), Files.createDirectory(directory.resolve(name)));
        return out.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void theDocumentShowsTheSourcesThatAreRun() throws IOException {
        Map<String, String> regions = Document.regions();
        for (Map.Entry<String, String> region : regions.entrySet()) {
            Document.rewrite("recipe: " + region.getKey(), region.getValue());
        }
        Document document = Document.read();
        assertThat(document.markers("recipe")).containsExactlyInAnyOrderElementsOf(regions.keySet());
        regions.forEach((name, source) ->
                assertThat(document.block("recipe: " + name)).as(name).isEqualTo(source));
    }

    @Test
    void eachRecipeOfTheDocumentIsRun() throws IOException {
        assertThat(Document.read().markers("prints")).containsExactlyElementsOf(RECIPES.keySet());
    }

    @Test
    void namesOnlyClassesAndMembersThatExist() throws IOException {
        assertThat(new TreeSet<>(Document.read().namesThatAreNot())).isEmpty();
    }
}
