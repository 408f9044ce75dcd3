package org.coppice.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.tree.LeafIndex;
import org.junit.jupiter.api.Test;

class SafetyNumberTest {
    private static final UserName ALICE = new UserName("alice");
    private static final UserName BOB = new UserName("bob");

    private static MemberInfo device(String client, int leaf, String key) {
        return new MemberInfo(
                ClientId.parse(client),
                new LeafIndex(leaf),
                new SignaturePublicKey(Bytes.fromHex(key)),
                false,
                false,
                false,
                false);
    }

    private static final MemberInfo PHONE = device("alice/phone", 0, "00");
    private static final MemberInfo LAPTOP = device("bob/laptop", 1, "01");

    @Test
    void isTheSameForBothAndInAnyOrderOfDevices() {
        MemberInfo tablet = device("bob/tablet", 2, "02");
        SafetyNumber number = SafetyNumber.of(ALICE, BOB, List.of(PHONE, LAPTOP, tablet));
        assertThat(SafetyNumber.of(BOB, ALICE, List.of(tablet, LAPTOP, PHONE))).isEqualTo(number);
        // Where a device sits in the tree does not matter.
        assertThat(SafetyNumber.of(ALICE, BOB, List.of(PHONE, device("bob/laptop", 5, "01"), tablet)))
                .isEqualTo(number);
    }

    @Test
    void changesWithEachKeyDeviceAndName() {
        SafetyNumber number = SafetyNumber.of(ALICE, BOB, List.of(PHONE, LAPTOP));
        List<List<MemberInfo>> others = List.of(
                List.of(PHONE, device("bob/laptop", 1, "03")),
                List.of(PHONE, device("bob/desktop", 1, "01")),
                List.of(PHONE, LAPTOP, device("bob/tablet", 2, "02")),
                List.of(device("alice/phone", 0, "05"), LAPTOP));
        for (List<MemberInfo> other : others) {
            assertThat(SafetyNumber.of(ALICE, BOB, other)).isNotEqualTo(number);
        }
        // Others in the conversation do not matter.
        assertThat(SafetyNumber.of(ALICE, BOB, List.of(PHONE, LAPTOP, device("carol/phone", 2, "02"))))
                .isEqualTo(number);
    }

    /** Computed by another program from the description alone. */
    @Test
    void keepsToItsKnownAnswer() {
        assertThat(SafetyNumber.of(ALICE, BOB, List.of(PHONE, LAPTOP)).toString())
                .isEqualTo("58480 33237 36432 88218 02501 95595 76892 10612 21407 62680 21517 07772");
    }

    @Test
    void isReadInTwelveGroupsOfFive() {
        assertThat(SafetyNumber.of(ALICE, BOB, List.of(PHONE, LAPTOP)).toString())
                .matches("(\\d{5} ){11}\\d{5}");
        assertThatThrownBy(() -> SafetyNumber.of(ALICE, BOB, List.of(PHONE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SafetyNumber("12345")).isInstanceOf(IllegalArgumentException.class);
    }
}
