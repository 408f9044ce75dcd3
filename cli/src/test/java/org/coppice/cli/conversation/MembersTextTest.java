package org.coppice.cli.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.coppice.client.model.MemberInfo;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Test;

class MembersTextTest {
    private static final ClientId PHONE = ClientId.parse("alice/phone");

    private static MemberInfo phone(boolean verified, boolean certified, boolean revoked) {
        SignaturePublicKey key = new SignaturePublicKey(Bytes.fromHex("00"));
        return new MemberInfo(PHONE, new LeafIndex(1), key, verified, certified, revoked, false);
    }

    private static String line(MemberInfo member) {
        return String.join("\n", MembersText.lines(List.of(member), false));
    }

    private static String marked(MemberInfo member) {
        return new People(List.of(member)).marked(PHONE);
    }

    @Test
    void eachMemberSaysWhatItsNameRestsOn() {
        assertThat(line(phone(false, false, false))).isEqualTo("alice/phone  ? not verified");
        assertThat(line(phone(true, false, false))).isEqualTo("alice/phone  ✓ verified");
        assertThat(line(phone(false, true, false))).isEqualTo("alice/phone  ✓ certificate");
        assertThat(marked(phone(false, false, false))).isEqualTo("alice?");
        assertThat(marked(phone(false, true, false))).isEqualTo("alice");
    }

    @Test
    void aRevokedMemberIsMarkedThoughItWasVerified() {
        assertThat(line(phone(true, false, true))).isEqualTo("alice/phone  ✗ revoked, remove it");
        assertThat(marked(phone(true, false, true))).isEqualTo("alice✗");
    }
}
