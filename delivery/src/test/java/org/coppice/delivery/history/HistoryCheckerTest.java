package org.coppice.delivery.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.Welcome;
import org.junit.jupiter.api.Test;

/** The checker sees each of the faults that it is there for. */
class HistoryCheckerTest {
    private static final ClientId ALICE = ClientId.parse("alice/laptop");
    private static final ClientId BOB = ClientId.parse("bob/laptop");
    private static final Bytes GROUP = Bytes.fromHex("01");
    private static final Bytes REF = Bytes.fromHex("aa");
    private static final CipherSuite SUITE = new CipherSuite(1);

    private final List<History.Answer> answers = new ArrayList<>();
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<History.Fetched> welcomes = new ArrayList<>();
    private final List<History.Info> infos = new ArrayList<>();
    private long epoch = 2;
    private long head = 3;

    HistoryCheckerTest() {
        entries.add(entry(1, EntryKind.COMMIT, 0));
        entries.add(entry(2, EntryKind.APPLICATION, 1));
        entries.add(entry(3, EntryKind.COMMIT, 1));
        answer(appended(1), new History.Append(GROUP, EntryKind.COMMIT, bytes(1), List.of(REF)));
        answer(appended(2), new History.Append(GROUP, EntryKind.APPLICATION, bytes(2), List.of()));
        welcomes.add(new History.Fetched(ALICE, new InboxEntry(1, GROUP, 1, 1, 0, welcome())));
        answer(claim(7), new History.Claim());
        answer(claim(8), new History.Claim());
        infos.add(new History.Info(ALICE, GROUP, 0, 0));
        infos.add(new History.Info(ALICE, GROUP, 1, 1));
        infos.add(new History.Info(ALICE, GROUP, 2, 2));
        // Of two readers one may be behind, as nobody tells them apart in time.
        infos.add(new History.Info(BOB, GROUP, 1, 2));
    }

    private static Bytes bytes(long seq) {
        return Bytes.wrap(new byte[] {(byte) seq});
    }

    private static LogEntry entry(long seq, EntryKind kind, long epoch) {
        return new LogEntry(seq, kind, epoch, 0, bytes(seq));
    }

    private static MlsMessage welcome() {
        return new MlsMessage(new MlsMessage.Welcome(new Welcome(
                SUITE,
                List.of(new Welcome.EncryptedGroupSecrets(REF, new HpkeCiphertext(Bytes.EMPTY, Bytes.EMPTY))),
                Bytes.EMPTY)));
    }

    private static Outcome appended(long seq) {
        return new Outcome.OfAppend(new Appended(seq, 0, List.of(), false));
    }

    private static Outcome claim(int number) {
        MlsMessage any = new MlsMessage(
                new MlsMessage.Welcome(new Welcome(SUITE, List.of(), Bytes.wrap(new byte[] {(byte) number}))));
        return new Outcome.OfClaim(new ClaimResult(List.of(new ClaimResult.Claimed(ALICE, any, false)), List.of()));
    }

    private RequestId answer(Outcome outcome, History.Operation operation) {
        RequestId request = RequestId.random(Randomness.system());
        answers.add(new History.Answer(ALICE, request, operation, Optional.ofNullable(outcome)));
        return request;
    }

    private void finds(String... words) {
        History.GroupLog log = new History.GroupLog(GROUP, 0, epoch, head, entries);
        List<String> violations = HistoryChecker.violations(new History(answers, List.of(log), welcomes, infos));
        assertThat(violations).hasSize(words.length);
        for (int i = 0; i < words.length; i++) {
            assertThat(violations.get(i)).contains(words[i]);
        }
    }

    @Test
    void findsNothingWrongWithAGoodHistory() {
        finds();
    }

    @Test
    void findsALostEntry() {
        answer(appended(4), new History.Append(GROUP, EntryKind.APPLICATION, bytes(4), List.of()));
        finds("lost");
    }

    @Test
    void findsAnotherMessageInItsPlace() {
        answer(appended(2), new History.Append(GROUP, EntryKind.APPLICATION, bytes(9), List.of()));
        finds("another message");
    }

    @Test
    void findsAMessageThatIsThereTwice() {
        entries.add(new LogEntry(4, EntryKind.APPLICATION, 1, 0, bytes(2)));
        entries.add(new LogEntry(5, EntryKind.APPLICATION, 2, 0, bytes(2)));
        head = 5;
        finds("entry 4 is entry 2 once more", "entry 5 is entry 2 once more");
    }

    @Test
    void findsACommitThatIsThereTwice() {
        entries.add(new LogEntry(4, EntryKind.COMMIT, 2, 0, bytes(3)));
        head = 4;
        epoch = 3;
        finds("entry 4 is entry 3 once more");
    }

    @Test
    void findsAGap() {
        entries.set(2, entry(4, EntryKind.COMMIT, 1));
        head = 4;
        finds("entry 4 where 3 belongs");
    }

    @Test
    void findsAnEpochWithTwoCommits() {
        entries.add(entry(4, EntryKind.COMMIT, 1));
        head = 4;
        finds("commits epoch 1 in 2", "two Commits");
    }

    @Test
    void findsAHeadOrEpochThatTheLogDoesNotBear() {
        head = 4;
        epoch = 3;
        finds("the head is 4", "the epoch is 3");
    }

    @Test
    void findsAMessageOfAFutureEpoch() {
        entries.set(1, entry(2, EntryKind.APPLICATION, 2));
        finds("of epoch 2 in 1");
    }

    @Test
    void findsAWelcomeWithoutItsCommit() {
        welcomes.add(new History.Fetched(ALICE, new InboxEntry(2, GROUP, 2, 2, 0, welcome())));
        finds("a Welcome without its Commit");
    }

    @Test
    void findsACommitWithoutItsWelcome() {
        welcomes.clear();
        finds("a Commit without its Welcome");
    }

    @Test
    void findsAKeyPackageThatWasGivenTwice() {
        answer(claim(7), new History.Claim());
        finds("a key package was given");
    }

    @Test
    void findsTwoAnswersToOneRequestAndARefusalThatTookEffect() {
        RequestId request = answer(appended(2), new History.Other());
        answers.add(new History.Answer(ALICE, request, new History.Other(), Optional.of(appended(3))));
        finds("two answers");
        answers.remove(answers.size() - 1);
        answers.add(new History.Answer(ALICE, request, new History.Other(), Optional.empty()));
        finds("refused and took effect");
    }

    @Test
    void findsAGroupInfoThatIsOlderThanTheReadersLastOne() {
        infos.add(new History.Info(ALICE, GROUP, 1, 0));
        finds("a GroupInfo of epoch 1");
    }

    @Test
    void findsAGroupInfoThatIsOlderThanWhatTheReaderKnows() {
        infos.add(new History.Info(BOB, GROUP, 1, 3));
        finds("a GroupInfo of epoch 1");
    }

    @Test
    void findsAGroupInfoOfWhatThereNeverWas() {
        infos.add(new History.Info(BOB, GROUP, 3, 0));
        finds("which it never came to");
        infos.set(infos.size() - 1, new History.Info(BOB, Bytes.fromHex("02"), 0, 0));
        finds("which there is not");
    }

    @Test
    void acceptsAnOlderGroupInfoOnlyAfterItsCommitWasTakenBack() {
        entries.add(new LogEntry(4, EntryKind.VOID, 1, 0, Bytes.wrap(new VoidedCommit(3).encoded())));
        head = 4;
        epoch = 1;
        infos.add(new History.Info(ALICE, GROUP, 1, 4));
        finds();
        infos.add(new History.Info(ALICE, GROUP, 0, 4));
        finds("a GroupInfo of epoch 0");
    }
}
