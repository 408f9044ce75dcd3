package org.coppice.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.KeyPackage;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.api.Test;

class LargeTreeTest {
    private static Group group(int members) throws Exception {
        Environment environment = Environment.builder()
                .provider(CryptoProviders.of(new BouncyCastleCryptoProvider()))
                .randomness(new SeededRandomness("large"))
                .validator(CredentialValidator.acceptAll())
                .build();
        Group group = client(environment, 0).createGroup();
        List<KeyPackage> packages = new ArrayList<>();
        for (int i = 1; i < members; i++) {
            packages.add(client(environment, i).generateKeyPackage().keyPackage());
        }
        group.merge(group.commit().addAll(packages).build());
        return group;
    }

    private static MlsClient client(Environment environment, int number) throws Exception {
        Bytes name = Bytes.wrap(("<" + number + "> & \"co\"").getBytes(StandardCharsets.UTF_8));
        return MlsClient.create(environment, CipherSuite.STANDARD.get(0), Credential.basic(name));
    }

    private static String draw(Group group) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TreeView view = new TreeView(group.state().tree(), group.crypto(), "large");
        new TerminalTree(view, new PrintStream(out, true, StandardCharsets.UTF_8), false).print();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void sixtyFourMembersHaveARowEach() throws Exception {
        String drawing = draw(group(64));
        assertThat(drawing.lines())
                .hasSize(127)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void manyMembersAreSummarised() throws Exception {
        String drawing = draw(group(70));
        assertThat(drawing.lines()).hasSizeLessThan(70);
        assertThat(drawing).contains("0 to 3: 4 members", " blank");
    }

    @Test
    void manyMembersMakeARoundPictureWithEscapedNames() throws Exception {
        Group group = group(40);
        String svg = new SvgTree(new TreeView(group.state().tree(), group.crypto(), "a < b")).draw();
        assertThat(svg)
                .contains("a &lt; b", "&lt;39&gt; &amp; &quot;co&quot;", "rotate(")
                .doesNotContain("<39>");
    }
}
