package org.coppice.testkit.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.TreeNode;
import org.coppice.testkit.golden.GoldenState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads recorded state by docs/STATE.md alone: each key and each value to its last byte, in the words of the document. */
class StateFormatTest {
    static List<GoldenState> recorded() throws IOException {
        return GoldenStateTest.recorded();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void everyRecordIsAsTheDocumentSays(GoldenState golden) throws DecodeException {
        for (String place :
                List.of("group/ada", "group/bea", "group/observer", "ended/ada", "ended/bea", "ended/observer")) {
            for (Map.Entry<Bytes, Bytes> record : golden.records(place).entrySet()) {
                TlsReader key = new TlsReader(record.getKey(), DecodeLimits.DEFAULT);
                TlsReader value = new TlsReader(record.getValue(), DecodeLimits.DEFAULT);
                read(key.uint8(), key, value);
                key.expectEnd();
                value.expectEnd();
            }
        }
    }

    private static void read(int kind, TlsReader key, TlsReader value) throws DecodeException {
        switch (kind) {
            case 0x01 -> group(value);
            case 0x02 -> epoch(key, value);
            case 0x03 ->
                assertThat(TreeNode.decode(value) instanceof TreeNode.Leaf).isEqualTo(key.uint64() % 2 == 0);
            case 0x04 -> {
                key.uint64();
                keyPair(value);
            }
            case 0x05 -> {
                key.uint64();
                key.uint64();
                assertThat(value.vector().length()).isEqualTo(32);
            }
            case 0x06 -> {
                sender(key);
                value.uint64();
                assertThat(value.vector().length()).isEqualTo(32);
            }
            case 0x07 -> {
                sender(key);
                key.uint32();
                value.uint64();
                assertThat(value.vector().length()).isIn(16, 32);
                assertThat(value.vector().length()).isEqualTo(12);
            }
            case 0x08 -> {
                key.uint64();
                Bytes reference = key.raw(key.remaining());
                assertThat(value.uint64()).isLessThan(2);
                Sender.decode(value);
                assertThat(value.present()).isTrue();
                assertThat(value.vector()).isEqualTo(reference);
                Proposal.decode(value);
            }
            case 0x09 -> {
                assertThat(key.raw(key.remaining()).length()).isEqualTo(32);
                pendingCommit(value);
            }
            case 0x0a -> {
                key.uint64();
                difference(value);
            }
            case 0x0b -> {
                key.uint64();
                assertThat(value.raw(value.remaining()).length()).isEqualTo(32);
            }
            case 0x0c -> {
                Bytes publicKey = key.raw(key.remaining());
                value.vector();
                assertThat(keyPair(value)).isEqualTo(publicKey);
            }
            case 0x0d -> {
                assertThat(value.uint16()).isEqualTo(1);
                assertThat(value.uint8()).isIn(0, 2);
                GroupContext.decode(value);
                value.vector();
                value.vector();
            }
            default -> throw new AssertionError("a record of kind " + kind);
        }
    }

    private static void group(TlsReader value) throws DecodeException {
        assertThat(value.uint16()).isEqualTo(1);
        assertThat(value.uint16()).isBetween(1, 3);
        int status = value.uint8();
        value.uint32();
        long epoch = value.uint64();
        TlsReader past = value.sub();
        while (past.remaining() > 0) {
            assertThat(past.uint64()).isEqualTo(--epoch);
        }
        value.vector();
        boolean reInit = value.present();
        assertThat(reInit).isEqualTo(status == 2);
        if (reInit) {
            assertThat(Proposal.decode(value)).isInstanceOf(Proposal.ReInit.class);
        }
    }

    private static void epoch(TlsReader key, TlsReader value) throws DecodeException {
        assertThat(GroupContext.decode(value).epoch()).isEqualTo(key.uint64());
        value.vector();
        value.vector();
        secrets(value);
    }

    private static void secrets(TlsReader value) throws DecodeException {
        assertThat(value.uint8()).isEqualTo(1);
        for (int i = 0; i < 9; i++) {
            assertThat(value.vector().length()).isIn(0, 32);
        }
    }

    private static Bytes keyPair(TlsReader value) throws DecodeException {
        Bytes publicKey = value.vector();
        assertThat(value.vector().length()).isEqualTo(32);
        return publicKey;
    }

    private static void sender(TlsReader key) throws DecodeException {
        key.uint64();
        key.uint32();
        assertThat(key.uint8()).isIn(0, 1);
    }

    private static void difference(TlsReader value) throws DecodeException {
        assertThat(Long.bitCount(value.uint64())).isEqualTo(1);
        TlsReader nodes = value.sub();
        while (nodes.remaining() > 0) {
            nodes.uint64();
            TreeNode.decode(nodes);
        }
        TlsReader blank = value.sub();
        while (blank.remaining() > 0) {
            blank.uint64();
        }
    }

    private static void pendingCommit(TlsReader value) throws DecodeException {
        long from = value.uint64();
        MlsMessage.decode(value.vector().toByteArray());
        if (value.present()) {
            MlsMessage.decode(value);
        }
        assertThat(GroupContext.decode(value).epoch()).isEqualTo(from + 1);
        value.vector();
        value.vector();
        difference(value);
        value.vector();
        secrets(value);
        value.uint32();
        TlsReader keys = value.sub();
        while (keys.remaining() > 0) {
            keys.uint64();
            keyPair(keys);
        }
        effects(value);
    }

    private static void effects(TlsReader value) throws DecodeException {
        Sender.decode(value);
        TlsReader proposals = value.sub();
        while (proposals.remaining() > 0) {
            Sender.decode(proposals);
            if (proposals.present()) {
                proposals.vector();
            }
            Proposal.decode(proposals);
        }
        for (int i = 0; i < 3; i++) {
            TlsReader members = value.sub();
            while (members.remaining() > 0) {
                members.uint32();
                LeafNode.decode(members);
            }
        }
        TlsReader psks = value.sub();
        while (psks.remaining() > 0) {
            PreSharedKeyId.decode(psks);
        }
        if (value.present()) {
            Extensions.decode(value);
        }
        if (value.present()) {
            Proposal.decode(value);
        }
    }
}
