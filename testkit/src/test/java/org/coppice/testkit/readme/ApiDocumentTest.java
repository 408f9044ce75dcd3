package org.coppice.testkit.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Test;

/** docs/API.md shows code that compiles and does what it says. */
class ApiDocumentTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Pattern SHOWN =
            Pattern.compile("<!-- example:(\\w+) -->\\s+```java\\n(.*?)```", Pattern.DOTALL);

    private final Environment environment = Environment.builder()
            .validator(CredentialValidator.acceptAll())
            .store(new InMemoryStateStore())
            .build();
    private final List<MlsMessage> delivered = new ArrayList<>();
    private boolean accepting = true;

    private static MlsClient client(Environment environment, String name) throws Exception {
        return MlsClient.create(environment, SUITE, Credential.basic(Bytes.copyOf(name.getBytes(UTF_8))));
    }

    private static Environment other() {
        return Environment.builder().validator(CredentialValidator.acceptAll()).build();
    }

    private ApiExamples.Service service() {
        return new ApiExamples.Service() {
            @Override
            public boolean accepts(MlsMessage commit) {
                return accepting;
            }

            @Override
            public void deliver(MlsMessage welcome) {
                delivered.add(welcome);
            }
        };
    }

    @Test
    void theExamplesRun() throws Exception {
        MlsClient alice = client(environment, "alice");
        MlsClient bob = client(other(), "bob");
        MlsClient carol = client(other(), "carol");
        Group alices = alice.createGroup();
        KeyPackageBundle bobsKeys = bob.generateKeyPackage();
        StagedCommit adding = alices.commit().add(bobsKeys.keyPackage()).build();
        Group bobs = bob.join(adding.welcome().orElseThrow(), bobsKeys);
        alices.merge(adding);

        KeyPackageBundle carolsKeys = carol.generateKeyPackage();
        accepting = false;
        ApiExamples.commit(alices, carolsKeys.keyPackage(), bobs.ownLeaf(), service());
        assertThat(alices.epoch()).isEqualTo(1);
        assertThat(delivered).isEmpty();
        accepting = true;
        ApiExamples.commit(alices, carolsKeys.keyPackage(), bobs.ownLeaf(), service());
        assertThat(alices.epoch()).isEqualTo(2);
        Group carols = carol.join(delivered.get(0), carolsKeys);

        ApiExamples examples = new ApiExamples();
        examples.receive(carols, alices.encrypt("hello".getBytes(UTF_8)).encoded());
        assertThat(examples.shown).containsExactly(alices.ownLeaf() + ": hello");
        StagedCommit refresh = alices.commit().build();
        examples.receive(carols, refresh.message().encoded());
        examples.receive(alices, refresh.message().encoded());
        assertThat(alices.epoch()).isEqualTo(3);
        assertThat(carols.epochAuthenticator()).isEqualTo(alices.epochAuthenticator());
        examples.allowing = false;
        StagedCommit unwanted =
                alices.commit().add(bob.generateKeyPackage().keyPackage()).build();
        examples.receive(carols, unwanted.message().encoded());
        assertThat(carols.epoch()).isEqualTo(3);

        Map<Bytes, Group> loaded = ApiExamples.load(environment, alice);
        assertThat(loaded.get(alices.groupId()).epoch()).isEqualTo(3);
        assertThat(loaded.get(alices.groupId()).pendingCommits()).hasSize(1);
    }

    @Test
    void theDocumentShowsWhatIsRunHere() throws IOException {
        Path root = ProjectRoot.find();
        String source =
                Files.readString(root.resolve("testkit/src/test/java/org/coppice/testkit/readme/ApiExamples.java"));
        Matcher shown = SHOWN.matcher(Files.readString(root.resolve("docs/API.md")));
        int count = 0;
        while (shown.find()) {
            count++;
            int begin = source.indexOf("// example:" + shown.group(1));
            assertThat(begin).as(shown.group(1)).isPositive();
            String run = source.substring(source.indexOf('\n', begin), source.indexOf("// example:end", begin));
            assertThat(words(run)).isEqualTo(words(shown.group(2)));
        }
        assertThat(count).isEqualTo(3);
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
