package org.coppice.delivery.hint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

class TopicTest {
    @Test
    void topicsAreOrderedAsTheyAreEqual() {
        List<Topic> topics = List.of(
                new Topic.OfGroup(Bytes.fromHex("01")),
                new Topic.OfGroup(Bytes.fromHex("0102")),
                new Topic.OfGroup(Bytes.fromHex("02")),
                new Topic.OfInbox(ClientId.parse("ada/phone")),
                new Topic.OfInbox(ClientId.parse("ada/tablet")));
        assertThat(new TreeSet<>(topics)).containsExactlyInAnyOrderElementsOf(topics);
        for (Topic one : topics) {
            for (Topic other : topics) {
                assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
                assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
            }
        }
    }
}
