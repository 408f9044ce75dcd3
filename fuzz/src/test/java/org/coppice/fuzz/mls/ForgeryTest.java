package org.coppice.fuzz.mls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.Welcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is valid and not among the genuine messages that a target knows is to it as a forgery would be, and has to escape. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgeryTest {
    private final World world;

    ForgeryTest() throws MlsException {
        world = new World();
    }

    @Test
    void aMessageThatNobodyWroteEscapes() throws Exception {
        Proposal removal = new Proposal.Remove(world.person("hugo").group().ownLeaf());
        byte[] forged = world.person("carol").insider().proposal(removal).encoded();
        assertForgery(new MessageTarget(), forged);
    }

    @Test
    void aWelcomeThatNobodyWroteEscapes() throws Exception {
        MlsMessage forged = world.person("carol")
                .group()
                .commit()
                .add(world.ivans().keyPackage())
                .build()
                .welcome()
                .orElseThrow();
        assertForgery(new WelcomeTarget(), whole(forged));
    }

    @Test
    void aWelcomeWithAnEntryForSomebodyElseIsTheGenuineOne() throws Exception {
        Welcome genuine = world.welcome().welcome().orElseThrow();
        List<Welcome.EncryptedGroupSecrets> entries = new ArrayList<>(genuine.secrets());
        entries.add(
                0,
                new Welcome.EncryptedGroupSecrets(
                        World.utf8("of another"), new HpkeCiphertext(Bytes.EMPTY, Bytes.EMPTY)));
        Welcome longer = new Welcome(genuine.cipherSuite(), entries, genuine.encryptedGroupInfo());
        byte[] input = whole(new MlsMessage(new MlsMessage.Welcome(longer)));
        assertThat(new WelcomeTarget().run(input)).isEqualTo(Target.Outcome.ACCEPTED);
    }

    @Test
    void aGroupInfoThatNobodySignedEscapes() throws Exception {
        assertForgery(new GroupInfoTarget(), whole(world.person("carol").group().groupInfo(true)));
    }

    private static void assertForgery(Target target, byte[] input) {
        assertThatThrownBy(() -> target.run(input)).isInstanceOf(Escape.class).hasMessageContaining("nobody");
    }

    private static byte[] whole(MlsMessage message) {
        byte[] encoded = message.encoded();
        byte[] input = new byte[encoded.length + 1];
        System.arraycopy(encoded, 0, input, 1, encoded.length);
        return input;
    }
}
