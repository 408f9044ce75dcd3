package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.schedule.ScheduleFixture.SUITE_1;
import static org.coppice.mls.schedule.ScheduleFixture.exposed;
import static org.coppice.mls.schedule.ScheduleFixture.seeded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Reachable;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §8. */
class EpochSecretsTest {
    private static final Bytes CONTEXT = Bytes.fromHex("0102");
    private static final Bytes HASH = Bytes.fromHex("0304");

    @Test
    void firstEpochTakesItsSecretOverAndWipesIt() {
        Secret epoch = seeded(SUITE_1, 1);
        EpochSecrets.first(epoch, SUITE_1).close();
        assertThat(epoch.isClosed()).isTrue();
        Secret tooShort = Secret.zeros(31);
        assertThatThrownBy(() -> EpochSecrets.first(tooShort, SUITE_1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(tooShort.isClosed()).isTrue();
    }

    @Test
    @Tag("R-8-03")
    void joinerAndMemberReachTheSameEpoch() {
        try (InitSecret init = InitSecret.wrap(seeded(SUITE_1, 1));
                CommitSecret commit = CommitSecret.none(SUITE_1);
                PskSecret psk = PskSecret.none(SUITE_1);
                JoinerSecret members = JoinerSecret.derive(init, commit, CONTEXT, SUITE_1);
                JoinerSecret joiners = JoinerSecret.wrap(members.secret().copy());
                MemberSecret a = MemberSecret.derive(members, psk, SUITE_1);
                MemberSecret b = MemberSecret.derive(joiners, psk, SUITE_1);
                EpochSecrets ours = a.epochSecrets(CONTEXT);
                EpochSecrets theirs = b.epochSecrets(CONTEXT);
                EpochSecrets elsewhere = b.epochSecrets(HASH)) {
            assertThat(ours.epochAuthenticator())
                    .isEqualTo(theirs.epochAuthenticator())
                    .isNotEqualTo(elsewhere.epochAuthenticator());
        }
    }

    /** R-9.2-02 and -06: commit, joiner, psk, epoch secrets and the old init secret are gone once their owners close them. */
    @Test
    @Tag("R-9.2-02")
    @Tag("R-9.2-06")
    void nothingThatLedToTheEpochStaysBehind() {
        WatchingHash watch = new WatchingHash(SUITE_1.parts().hash());
        SuiteCrypto crypto = ScheduleFixture.watched(SUITE_1, watch);
        EpochSecrets next;
        try (InitSecret init = InitSecret.wrap(seeded(crypto, 1));
                CommitSecret commit = CommitSecret.wrap(seeded(crypto, 2));
                PskSecret psk = PskSecret.none(crypto);
                JoinerSecret joiner = JoinerSecret.derive(init, commit, CONTEXT, crypto);
                MemberSecret member = MemberSecret.derive(joiner, psk, crypto);
                WelcomeSecret welcome = member.welcomeSecret()) {
            next = member.epochSecrets(CONTEXT);
            assertThat(welcome.key().isClosed() || joiner.isClosed()).isFalse();
        }
        // init and commit secret, what is extracted from them, joiner, psk, member, welcome and epoch secret.
        assertThat(watch.seen()).isEqualTo(8);
        assertThat(watch.alive()).isZero();
        // Two extractions, joiner, welcome with key and nonce, epoch, and nine secrets.
        assertThat(watch.macs()).isEqualTo(16);
        next.close();
    }

    @Test
    void tagsVerifyOnlyWhenWholeAndUnchanged() throws ValidationException {
        try (EpochSecrets secrets = epoch(1);
                EpochSecrets other = epoch(2)) {
            Bytes confirmation = secrets.confirmationTag(HASH);
            Bytes membership = secrets.membershipTag(HASH);
            assertThat(confirmation.length()).isEqualTo(32);
            secrets.verifyConfirmationTag(HASH, confirmation);
            secrets.verifyMembershipTag(HASH, membership);
            for (Bytes wrong : damaged(confirmation)) {
                refused(Rule.CONFIRMATION_TAG, () -> secrets.verifyConfirmationTag(HASH, wrong));
            }
            for (Bytes wrong : damaged(membership)) {
                refused(Rule.MEMBERSHIP_TAG, () -> secrets.verifyMembershipTag(HASH, wrong));
            }
            refused(Rule.CONFIRMATION_TAG, () -> secrets.verifyConfirmationTag(CONTEXT, confirmation));
            refused(Rule.CONFIRMATION_TAG, () -> other.verifyConfirmationTag(HASH, confirmation));
            refused(Rule.MEMBERSHIP_TAG, () -> other.verifyMembershipTag(HASH, membership));
            refused(Rule.MEMBERSHIP_TAG, () -> secrets.verifyMembershipTag(HASH, confirmation));
        }
    }

    private static List<Bytes> damaged(Bytes tag) {
        List<Bytes> out = new ArrayList<>();
        for (int i = 0; i < tag.length(); i++) {
            byte[] flipped = tag.toByteArray();
            flipped[i] ^= 1;
            out.add(Bytes.wrap(flipped));
            out.add(tag.slice(0, i));
        }
        out.add(Bytes.wrap(Arrays.copyOf(tag.toByteArray(), tag.length() + 1)));
        return out;
    }

    @Test
    @Tag("R-8.5-01")
    @Tag("R-8.5-02")
    void exportedSecretsDependOnLabelContextAndLength() {
        try (EpochSecrets secrets = epoch(1)) {
            Bytes a = exposed(secrets.export("a", CONTEXT, 32));
            assertThat(exposed(secrets.export("a", CONTEXT, 32))).isEqualTo(a);
            assertThat(exposed(secrets.export("b", CONTEXT, 32))).isNotEqualTo(a);
            assertThat(exposed(secrets.export("a", HASH, 32))).isNotEqualTo(a);
            assertThat(exposed(secrets.export("a", CONTEXT, 33)).slice(0, 32)).isNotEqualTo(a);
            assertThat(secrets.export("", Bytes.EMPTY, 0).length()).isZero();
            assertThat(secrets.export("a", CONTEXT, 255 * 32).length()).isEqualTo(255 * 32);
            assertThatThrownBy(() -> secrets.export("a", CONTEXT, 255 * 32 + 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> secrets.export("a", CONTEXT, -1)).isInstanceOf(IllegalArgumentException.class);
            for (String notAscii : new String[] {"\u0080", "\u00e9"}) {
                assertThatThrownBy(() -> secrets.export(notAscii, CONTEXT, 32))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(secrets.export("\u007f", CONTEXT, 32).length()).isEqualTo(32);
        }
    }

    @Test
    void senderDataKeysDependOnTheFirstBytesOfTheCiphertextOnly() {
        try (EpochSecrets secrets = epoch(1)) {
            byte[] ciphertext = new byte[100];
            Bytes whole = Bytes.copyOf(ciphertext);
            ciphertext[32] = 1;
            Bytes changedAfter = Bytes.copyOf(ciphertext);
            ciphertext[31] = 1;
            Bytes changedWithin = Bytes.copyOf(ciphertext);
            assertThat(senderDataKey(secrets, whole))
                    .isEqualTo(senderDataKey(secrets, changedAfter))
                    .isEqualTo(senderDataKey(secrets, whole.slice(0, 32)))
                    .isNotEqualTo(senderDataKey(secrets, changedWithin))
                    .isNotEqualTo(senderDataKey(secrets, whole.slice(0, 31)));
        }
    }

    @Test
    @Tag("R-9.2-01")
    void keysForOneUseAreWipedWhenItIsOver() {
        EpochSecrets secrets = epoch(1);
        SenderDataKeys keys = secrets.senderDataKeys(Bytes.wrap(new byte[32]));
        assertThat(keys.key().isClosed() || keys.nonce().isClosed()).isFalse();
        keys.close();
        assertThat(keys.key().isClosed() && keys.nonce().isClosed()).isTrue();
        try (InitSecret init = InitSecret.wrap(seeded(SUITE_1, 1));
                CommitSecret commit = CommitSecret.none(SUITE_1);
                PskSecret psk = PskSecret.none(SUITE_1);
                JoinerSecret joiner = JoinerSecret.derive(init, commit, CONTEXT, SUITE_1);
                MemberSecret member = MemberSecret.derive(joiner, psk, SUITE_1)) {
            WelcomeSecret welcome = member.welcomeSecret();
            welcome.close();
            assertThat(welcome.key().isClosed() && welcome.nonce().isClosed()).isTrue();
        }
        Secret resumption = secrets.resumptionPsk();
        assertThat(secrets.isClosed()).isFalse();
        secrets.close();
        assertThat(secrets.isClosed()).isTrue();
        assertThat(resumption.isClosed()).isTrue();
    }

    private static Bytes senderDataKey(EpochSecrets secrets, Bytes ciphertext) {
        try (SenderDataKeys keys = secrets.senderDataKeys(ciphertext)) {
            return exposed(keys.key());
        }
    }

    @Test
    void encryptionSecretIsHandedOverOnce() {
        EpochSecrets secrets = epoch(1);
        SecretTree tree = secrets.takeSecretTree(4);
        assertThatThrownBy(() -> secrets.takeSecretTree(4)).isInstanceOf(IllegalStateException.class);
        secrets.close();
        // It is the tree's now, not wiped with the others.
        assertThat(ScheduleFixture.dump(tree, 0)).hasSize(1);
        tree.close();
    }

    @Test
    void encryptionSecretStaysWhereItIsIfTheTreeCannotBe() {
        try (EpochSecrets secrets = epoch(1)) {
            assertThatThrownBy(() -> secrets.takeSecretTree(3)).isInstanceOf(IllegalArgumentException.class);
            secrets.takeSecretTree(4).close();
        }
    }

    @Test
    @Tag("R-9.2-02")
    void retiredEpochOpensLateMessagesButLeadsNowhere() {
        EpochSecrets secrets = epoch(1);
        secrets.takeSecretTree(2).close();
        Bytes senderDataKey = senderDataKey(secrets, HASH);
        secrets.externalKeyPair();
        Set<Secret> all = Reachable.secretsOf(secrets);
        secrets.retire();
        assertThat(senderDataKey(secrets, HASH)).isEqualTo(senderDataKey);
        assertThat(Reachable.secretsOf(secrets))
                .filteredOn(secret -> !secret.isClosed())
                .hasSize(1);
        assertThat(all).filteredOn(secret -> !secret.isClosed()).hasSize(1);
        gone(secrets::resumptionPsk);
        gone(secrets::initSecret);
        gone(secrets::externalKeyPair);
        gone(secrets::epochAuthenticator);
        gone(() -> secrets.confirmationTag(HASH));
        gone(() -> secrets.membershipTag(HASH));
        gone(() -> secrets.export("a", CONTEXT, 32));
        secrets.close();
    }

    @Test
    void closingWipesEverySecret() {
        EpochSecrets secrets = epoch(1);
        InitSecret init = secrets.initSecret();
        Secret psk = secrets.resumptionPsk();
        HpkeKeyPair external = secrets.externalKeyPair();
        Set<Secret> all = Reachable.secretsOf(secrets);
        // Nine, and the private key of the external key pair.
        assertThat(all).hasSize(10).noneMatch(Secret::isClosed);
        secrets.close();
        secrets.close();
        assertThat(all).allMatch(Secret::isClosed);
        assertThat(secrets.isClosed()).isTrue();
        assertThat(init.isClosed()).isTrue();
        assertThat(psk.isClosed()).isTrue();
        assertThat(external.privateKey().isClosed()).isTrue();
        gone(secrets::resumptionPsk);
        gone(() -> secrets.senderDataKeys(HASH));
        gone(() -> secrets.takeSecretTree(2));
    }

    @Test
    void printsNoSecret() {
        try (EpochSecrets secrets = epoch(1);
                PskSecret psk = PskSecret.none(SUITE_1);
                SenderDataKeys keys = secrets.senderDataKeys(HASH)) {
            assertThat(secrets.toString()).endsWith("9 secrets]");
            assertThat(psk.toString()).isEqualTo("PskSecret[Secret[32 bytes]]");
            assertThat(keys.toString()).isEqualTo("SenderDataKeys[Secret[16 bytes]]");
        }
    }

    private static EpochSecrets epoch(long seed) {
        return EpochSecrets.first(seeded(SUITE_1, seed), SUITE_1);
    }

    private static void gone(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
    }

    private static void refused(Rule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }
}
