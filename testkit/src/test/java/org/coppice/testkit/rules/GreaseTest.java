package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.Capabilities;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reserved values keep peers tolerant (RFC 9420 §13.5). */
class GreaseTest {
    private static boolean isGrease(ExtensionType type) {
        return CodePoints.isGrease(type.value());
    }

    private static List<Integer> values(Capabilities some) {
        return Stream.of(
                        some.cipherSuites().stream().map(x -> x.value()),
                        some.extensions().stream().map(x -> x.value()),
                        some.proposals().stream().map(x -> x.value()),
                        some.credentials().stream().map(x -> x.value()))
                .flatMap(x -> x)
                .toList();
    }

    @Test
    @Tag("R-13.5-01")
    @Tag("R-13.5-03")
    @Tag("R-13.5-05")
    void everyListThatMayHaveAReservedValueHasOne() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        KeyPackage keyPackage = scene.actor("bob").client().generateKeyPackage().keyPackage();
        Capabilities some = keyPackage.leafNode().capabilities();
        assertThat(some.cipherSuites()).anyMatch(x -> CodePoints.isGrease(x.value()));
        assertThat(some.proposals()).anyMatch(x -> CodePoints.isGrease(x.value()));
        assertThat(some.credentials()).anyMatch(x -> CodePoints.isGrease(x.value()));
        assertThat(some.versions()).noneMatch(x -> CodePoints.isGrease(x.value()));
        List<ExtensionType> leaf = keyPackage.leafNode().extensions().types();
        List<ExtensionType> own = keyPackage.extensions().types();
        assertThat(leaf).anyMatch(GreaseTest::isGrease);
        assertThat(own).anyMatch(GreaseTest::isGrease);
        // Mirrored in the capabilities.
        assertThat(some.extensions()).containsAll(leaf).containsAll(own);
        GroupInfo info =
                ((MlsMessage.GroupInfo) scene.group("alice").groupInfo(true).body()).groupInfo();
        assertThat(info.extensions().types()).anyMatch(GreaseTest::isGrease);
    }

    @Test
    @Tag("R-13.5-04")
    @Tag("R-13.5-05")
    void noOtherFieldHasOne() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        assertThat(scene.group("alice").state().context().extensions().types()).isEmpty();
        scene.group("alice")
                .roster()
                .forEach(member -> assertThat(CodePoints.isGrease(
                                member.leafNode().credential().type().value()))
                        .isFalse());
        var proposals = scene.group("alice")
                .commit()
                .extensions(Extensions.EMPTY)
                .build()
                .effects()
                .proposals();
        assertThat(proposals)
                .noneMatch(resolved ->
                        CodePoints.isGrease(resolved.proposal().type().value()));
    }

    @Test
    @Tag("R-13.5-02")
    @Tag("R-13.5-08")
    void membersWithAndWithoutReservedValuesUnderstandEachOther() throws MlsException {
        CipherSuite suite = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        for (boolean grease : new boolean[] {true, false}) {
            Scene scene = Scene.empty(
                            suite,
                            builder -> builder.policy(
                                    Scene.policy().toBuilder().grease(grease).build()))
                    .withGroup(Extensions.EMPTY, "alice", "bob", "carol");
            scene.commit("bob");
            assertThat(scene.group("carol").epochAuthenticator())
                    .isEqualTo(scene.group("alice").epochAuthenticator());
            assertThat(scene.group("alice").roster())
                    .allMatch(member -> grease
                            == member.leafNode().extensions().types().stream().anyMatch(GreaseTest::isGrease));
        }
    }

    @Test
    @Tag("R-13.5-07")
    void theOwnPictureHasNoReservedValue() throws MlsException {
        MlsClient client = Scene.of("alice").actor("alice").client();
        assertThat(values(client.capabilities())).noneMatch(CodePoints::isGrease);
        Capabilities sent = client.generateKeyPackage().keyPackage().leafNode().capabilities();
        assertThat(values(sent)).anyMatch(CodePoints::isGrease);
        assertThat(sent.withoutGrease()).isEqualTo(client.capabilities());
    }
}
