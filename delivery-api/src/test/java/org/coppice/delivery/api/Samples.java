package org.coppice.delivery.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;

/** One minimal and one full value of each structure, with its decoder. */
final class Samples {
    /** A value and how to read it. */
    record Sample(Encodable value, Decoder<? extends Encodable> decoder) {}

    static final ClientId ALICE = ClientId.parse("alice/laptop");
    static final ClientId BOB = ClientId.parse("b.o_b-2/phone-1");
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final RequestId REQUEST = RequestId.parse("01020304-0506-0708-090a-0b0c0d0e0f10");

    static final MlsMessage PRIVATE = new MlsMessage(new PrivateMessage(
            Bytes.fromHex("0a0b"), 7, ContentType.COMMIT, Bytes.EMPTY, Bytes.fromHex("01"), Bytes.fromHex("0203")));
    static final MlsMessage WELCOME =
            new MlsMessage(new MlsMessage.Welcome(new Welcome(SUITE, List.of(), Bytes.EMPTY)));

    private Samples() {}

    static Map<String, Sample> all() {
        Map<String, Sample> out = new LinkedHashMap<>();
        out.put("user name", new Sample(ALICE.user(), UserName::decode));
        out.put("client id", new Sample(BOB, ClientId::decode));
        out.put("request id", new Sample(REQUEST, RequestId::decode));
        out.put("key package ref", new Sample(new KeyPackageRef(Bytes.fromHex("aabb")), KeyPackageRef::decode));
        RegisteredCredential credential =
                new RegisteredCredential(SUITE, ALICE.basicCredential(), new SignaturePublicKey(Bytes.fromHex("0102")));
        out.put("registered credential", new Sample(credential, RegisteredCredential::decode));
        out.put(
                "registered chain",
                new Sample(
                        new RegisteredCredential(
                                SUITE,
                                new Credential.X509(List.of(Bytes.fromHex("30"), Bytes.fromHex("31"))),
                                new SignaturePublicKey(Bytes.EMPTY)),
                        RegisteredCredential::decode));
        out.put(
                "login statement",
                new Sample(
                        LoginStatement.of("https://ds.example", Bytes.fromHex("0102"), ALICE), LoginStatement::decode));
        out.put(
                "credential statement",
                new Sample(new CredentialStatement(ALICE, REQUEST, credential), CredentialStatement::decode));
        addLog(out);
        addGroup(out);
        addKeyPackages(out);
        return out;
    }

    private static void addLog(Map<String, Sample> out) {
        for (EntryKind kind : EntryKind.values()) {
            out.put("entry kind " + kind, new Sample(kind, EntryKind::decode));
        }
        LogEntry entry = new LogEntry(9, EntryKind.COMMIT, -1, 1_800_000_000_000L, Bytes.wrap(PRIVATE.encoded()));
        LogEntry voided = new LogEntry(10, EntryKind.VOID, 0, 0, Bytes.wrap(new VoidedCommit(9).encoded()));
        out.put("voided commit", new Sample(new VoidedCommit(Long.MAX_VALUE), VoidedCommit::decode));
        out.put("log entry", new Sample(entry, LogEntry::decode));
        out.put("empty log page", new Sample(new LogPage(0, 0, List.of()), LogPage::decode));
        out.put("log page", new Sample(new LogPage(10, -1, List.of(entry, voided)), LogPage::decode));
        Appended appended = new Appended(3, 4, List.of(new KeyPackageRef(Bytes.fromHex("01"))), true);
        out.put("appended", new Sample(appended, Appended::decode));
        out.put(
                "inbox entry",
                new Sample(new InboxEntry(1, Bytes.fromHex("0a"), 2, 3, 4, WELCOME), InboxEntry::decode));
        out.put("outcome of append", new Sample(new Outcome.OfAppend(appended), Outcome::decode));
        out.put("outcome done", new Sample(Outcome.DONE, Outcome::decode));
    }

    private static void addGroup(Map<String, Sample> out) {
        out.put(
                "smallest commit bundle",
                new Sample(CommitBundle.of(PRIVATE, Optional.empty(), Optional.empty()), CommitBundle::decode));
        out.put(
                "commit bundle",
                new Sample(
                        new CommitBundle(
                                PRIVATE,
                                Optional.of(WELCOME),
                                Optional.of(WELCOME),
                                Optional.of(Bytes.fromHex("0102")),
                                List.of(ALICE, BOB),
                                List.of(BOB)),
                        CommitBundle::decode));
        out.put("settings", new Sample(GroupSettings.DEFAULT, GroupSettings::decode));
        out.put(
                "settings with users",
                new Sample(
                        new GroupSettings(
                                HandshakePolicy.PRIVATE,
                                new ExternalJoinPolicy.Users(List.of(ALICE.user(), BOB.user())),
                                new Retention(Optional.of(Duration.ofDays(7)), Optional.of(0xffff_ffffL))),
                        GroupSettings::decode));
        out.put("nobody joins", new Sample(ExternalJoinPolicy.NONE, ExternalJoinPolicy::decode));
        out.put("members come back", new Sample(ExternalJoinPolicy.RESYNC, ExternalJoinPolicy::decode));
        out.put("anyone joins", new Sample(ExternalJoinPolicy.ANYONE, ExternalJoinPolicy::decode));
    }

    private static void addKeyPackages(Map<String, Sample> out) {
        out.put("claim for user", new Sample(ClaimRequest.of(ALICE.user(), SUITE), ClaimRequest::decode));
        out.put(
                "claim for client",
                new Sample(
                        new ClaimRequest(
                                new ClaimRequest.OfClient(BOB),
                                SUITE,
                                new RequiredCapabilities(
                                        List.of(ExtensionType.LAST_RESORT),
                                        List.of(ProposalType.ADD),
                                        List.of(CredentialType.BASIC)),
                                List.of(CredentialType.X509)),
                        ClaimRequest::decode));
        ClaimResult result = new ClaimResult(List.of(new ClaimResult.Claimed(ALICE, WELCOME, true)), List.of(BOB));
        out.put("claim result", new Sample(result, ClaimResult::decode));
        Stock stock = new Stock(List.of(
                new Stock.OfSuite(SUITE, 3, Optional.of(new Stock.LastResort(5, 6))),
                new Stock.OfSuite(new CipherSuite(0xffff), 0, Optional.empty())));
        out.put("stock", new Sample(stock, Stock::decode));
        out.put("outcome of claim", new Sample(new Outcome.OfClaim(result), Outcome::decode));
        out.put("outcome of publication", new Sample(new Outcome.OfPublication(stock), Outcome::decode));
    }
}
