package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.message.GroupInfo;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;

/** Two members, and a stranger who joins them by an external Commit. */
abstract class ExternalJoinScene {
    static final Bytes PSK_ID = Bytes.fromHex("5e");
    static final Secret PSK = Secret.wrap(new byte[32]);
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    Scene scene;
    Actor joiner;
    Actor bob;

    @BeforeEach
    void twoMembersAndAStranger() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        builder -> builder.psks(id -> id.equals(PSK_ID) ? Optional.of(PSK.copy()) : Optional.empty()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        joiner = scene.client("joiner");
        bob = scene.actor("bob");
    }

    static GroupInfo body(MlsMessage message) {
        return ((MlsMessage.GroupInfo) message.body()).groupInfo();
    }

    GroupInfo info() throws MlsException {
        return body(scene.group("alice").groupInfo(true));
    }

    ExternalJoin join(GroupInfo info) throws MlsException {
        return joiner.client().joinExternally(Scene.wire(new MlsMessage(new MlsMessage.GroupInfo(info))));
    }

    Signer alice() {
        return scene.actor("alice").client().signer();
    }

    void follow(ExternalJoin join) throws MlsException {
        for (String name : List.of("alice", "bob")) {
            Group group = scene.group(name);
            group.merge(group.stage(Scene.wire(join.commit())));
            assertThat(group.state()).isEqualTo(join.state());
        }
    }
}
