package org.coppice.delivery.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** How many mirrors are kept, and which. */
class MirrorsTest {
    private final Mirrors mirrors = new Mirrors(null, null, 2);

    private Mirror use(String groupId) {
        Mirror mirror = mirrors.take(Bytes.fromHex(groupId));
        mirrors.release(mirror);
        return mirror;
    }

    @Test
    void keepsThoseThatWereUsedLastAsLongAsTheirMembersAreNotTooMany() {
        Mirror first = use("01");
        Mirror second = use("02");
        assertThat(use("01")).isSameAs(first);
        use("03");
        assertThat(mirrors.size()).isEqualTo(2);
        assertThat(use("01")).isSameAs(first);
        assertThat(use("02")).isNotSameAs(second);
    }

    @Test
    void keepsOneWhateverItsSize() {
        Mirrors small = new Mirrors(null, null, 0);
        Mirror mirror = small.take(Bytes.EMPTY);
        small.release(mirror);
        assertThat(small.size()).isEqualTo(1);
    }
}
