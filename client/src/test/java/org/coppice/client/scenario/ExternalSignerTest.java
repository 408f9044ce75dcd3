package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Connector;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client whose signature key is in a key store that signs for it. */
class ExternalSignerTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
    private static final ClientId ALICE = id("alice");

    @TempDir
    private Path directory;

    private final SimulatedTime time = new SimulatedTime();
    private final ClientEnvironment environment = ClientEnvironment.builder()
            .randomness(new SeededRandomness(1))
            .clock(time)
            .sleeper(time)
            .parameters(Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build())
            .build();
    private final FakeService service = new FakeService(time);
    private final Connector connector = identity -> new FakeSession(service, identity.client());
    private final InMemoryClientStore store = new InMemoryClientStore();
    private KeyStoreSigner card;
    private CoppiceClient alice;
    private CoppiceClient bob;
    private Conversation team;

    @BeforeEach
    void meet() throws Exception {
        card = KeyStoreSigner.create(directory.resolve("card.p12"));
        alice = CoppiceClient.create(store, identity(card), environment, connector);
        alice.sync();
        bob = CoppiceClient.create(
                new InMemoryClientStore(), Identity.generate(environment, SUITE, id("bob")), environment, connector);
        bob.sync();
        team = alice.createConversation("team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        bob.sync();
    }

    @AfterEach
    void part() {
        alice.close();
        bob.close();
    }

    private Identity identity(Signer signer) throws Exception {
        SuiteCrypto crypto = SuiteCrypto.of(SUITE, environment.provider(), environment.randomness());
        return Identity.of(crypto, ALICE, ALICE.basicCredential(), signer);
    }

    private void reopen(Signer... signers) {
        alice = CoppiceClient.open(store.copy(), environment, connector, signers);
        team = alice.conversation(team.id()).orElseThrow();
    }

    private List<String> read() throws Exception {
        bob.sync();
        return World.texts(bob.conversations().get(0));
    }

    private SignaturePublicKey keyThatBobSees() throws Exception {
        bob.sync();
        return bob.conversations().get(0).members().stream()
                .filter(member -> member.client().equals(ALICE))
                .findFirst()
                .orElseThrow()
                .signatureKey();
    }

    /** Everything that the store holds, in hex. */
    private String stored() {
        StringBuilder out = new StringBuilder();
        HexFormat hex = HexFormat.of();
        try (StoreTransaction records = store.begin()) {
            for (Space space : List.of(
                    Space.named("account", Bytes.EMPTY),
                    Space.named("identity", Bytes.EMPTY),
                    Space.named("key-package", Bytes.EMPTY),
                    Space.named("group", team.id()))) {
                List<StoreTransaction.Stored> all = records.all(space);
                assertThat(all).as(space.toString()).isNotEmpty();
                all.forEach(record -> out.append(hex.formatHex(record.value())).append('\n'));
            }
        }
        return out.toString();
    }

    @Test
    @Tag("A-8.3-02")
    void theKeyStoreSignsAndTheKeyIsNeverInTheStore() throws Exception {
        assertThat(team.send("signed on the card").isDone()).isTrue();
        assertThat(read()).containsExactly("alice: signed on the card");
        assertThat(keyThatBobSees()).isEqualTo(card.publicKey());
        assertThat(alice.identity().keys()).isEmpty();
        assertThat(stored()).contains(card.publicKey().data().toHex()).doesNotContain(card.secretHex());
    }

    @Test
    void aLaterStartNeedsTheSigner() throws Exception {
        assertThatThrownBy(() -> reopen())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signer");
        reopen(card);
        assertThat(team.send("again").isDone()).isTrue();
        assertThat(read()).containsExactly("alice: again");
    }

    @Test
    @Tag("A-8.3-02")
    void aCredentialIsReplacedByOneOfAnotherKeyStore() throws Exception {
        KeyStoreSigner next = KeyStoreSigner.create(directory.resolve("next.p12"));
        alice.rotateCredential(identity(next));
        alice.sync();
        assertThat(keyThatBobSees()).isEqualTo(next.publicKey());
        HistoryEntry last = bob.conversations().get(0).latest(1).get(0);
        assertThat(((HistoryEntry.Change) last).newKeys()).containsExactly(ALICE);
        assertThat(team.send("from the new card").isDone()).isTrue();
        assertThat(read()).containsExactly("alice: from the new card");
        assertThat(stored()).doesNotContain(card.secretHex()).doesNotContain(next.secretHex());
        // The old card may be thrown away now.
        reopen(next);
        assertThat(team.send("without the old one").isDone()).isTrue();
        assertThat(read()).contains("alice: without the old one");
    }

    @Test
    void aConversationThatHasTheFormerKeyWaitsForItsSigner() throws Exception {
        KeyStoreSigner next = KeyStoreSigner.create(directory.resolve("next.p12"));
        Conversation later = alice.createConversation("later");
        assertThat(later.invite(user("bob")).isDone()).isTrue();
        alice.rotateCredential(identity(next));
        card.signOnly(1); // that it agrees to the next one
        assertThatThrownBy(alice::sync).isInstanceOf(IOException.class);
        reopen(next);
        assertThat(team.send("kept").isDone()).isFalse();
        card.signOnly(Integer.MAX_VALUE);
        reopen(card, next);
        alice.sync();
        assertThat(keyThatBobSees()).isEqualTo(next.publicKey());
    }

    /** Otherwise whoever has a token could put another key in its place. */
    @Test
    @Tag("A-8.3-02")
    void aKeyIsReplacedOnlyWhileItsSignerIsThereToAgree() throws Exception {
        KeyStoreSigner next = KeyStoreSigner.create(directory.resolve("next.p12"));
        card.isOut = true;
        alice.rotateCredential(identity(next));
        assertThatThrownBy(alice::sync).isInstanceOf(IOException.class).hasMessageContaining("signer");
        assertThat(alice.identity().signer().publicKey()).isEqualTo(card.publicKey());
        card.isOut = false;
        alice.sync();
        assertThat(keyThatBobSees()).isEqualTo(next.publicKey());
    }

    @Test
    void whatIsAskedForWaitsUntilTheCardIsBack() throws Exception {
        card.isOut = true;
        assertThat(team.send("kept").problem().orElseThrow().kind()).isEqualTo(Receipt.Kind.SIGNER_AWAY);
        assertThat(team.rename("garden").isDone()).isFalse();
        assertThatThrownBy(alice::sync).isInstanceOf(IOException.class).hasMessageContaining("signer");
        assertThat(team.view().waiting()).isEqualTo(2);
        card.isOut = false;
        alice.sync();
        assertThat(team.view().waiting()).isZero();
        assertThat(team.view().name()).isEqualTo("garden");
        assertThat(read()).containsExactly("alice: kept");
    }

    @Test
    void aClientThatWasLostComesBackWhenTheCardIs() throws Exception {
        CoppiceClient again = CoppiceClient.create(new InMemoryClientStore(), identity(card), environment, connector);
        alice.close();
        alice = again;
        alice.sync();
        card.isOut = true;
        assertThatThrownBy(() -> alice.rejoin(team.id())).isInstanceOf(IOException.class);
        card.isOut = false;
        alice.sync();
        assertThat(alice.conversation(team.id()).orElseThrow().send("back").isDone())
                .isTrue();
        assertThat(read()).containsExactly("alice: back");
    }

    @Test
    void aKeyOfAKeyStoreIsNotReplacedByOneInTheStoreUnasked() {
        assertThatThrownBy(alice::rotateKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rotateCredential");
    }
}
