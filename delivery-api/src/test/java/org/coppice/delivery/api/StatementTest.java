package org.coppice.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.Test;

/** What clients sign for the service, and that no such signature serves for anything else. */
class StatementTest {
    private final SuiteCrypto crypto = crypto();
    private final SignatureKeyPair keys = crypto.generateSignatureKeyPair();

    private static SuiteCrypto crypto() {
        try {
            return SuiteCrypto.of(Samples.SUITE, CryptoProviders.best(), Randomness.system());
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLoginCountsForOneAudienceChallengeAndClient() throws CryptoException {
        LoginStatement statement = LoginStatement.of("https://a.example", Bytes.fromHex("01"), Samples.ALICE);
        Bytes signature = statement.sign(crypto, crypto.signer(keys));
        assertThat(statement.verify(crypto, keys.publicKey(), signature)).isTrue();
        assertThat(LoginStatement.of("https://b.example", Bytes.fromHex("01"), Samples.ALICE)
                        .verify(crypto, keys.publicKey(), signature))
                .isFalse();
        assertThat(LoginStatement.of("https://a.example", Bytes.fromHex("02"), Samples.ALICE)
                        .verify(crypto, keys.publicKey(), signature))
                .isFalse();
        assertThat(LoginStatement.of("https://a.example", Bytes.fromHex("01"), Samples.BOB)
                        .verify(crypto, keys.publicKey(), signature))
                .isFalse();
    }

    @Test
    void aClientAgreesToOneActOnOneSubject() throws CryptoException {
        RegisteredCredential credential =
                new RegisteredCredential(Samples.SUITE, Samples.ALICE.basicCredential(), keys.publicKey());
        CredentialStatement replacement = new CredentialStatement(Samples.ALICE, Samples.REQUEST, credential);
        ConsentStatement statement = ConsentStatement.to(replacement);
        Bytes signature = statement.sign(crypto, crypto.signer(keys));
        assertThat(statement.verify(crypto, keys.publicKey(), signature)).isTrue();
        assertThat(replacement.verify(crypto, signature))
                .as("consent is no proof of possession")
                .isFalse();
        assertThat(statement.verify(crypto, keys.publicKey(), replacement.sign(crypto, crypto.signer(keys))))
                .isFalse();
        assertThat(ConsentStatement.toRenewal(Samples.ALICE, SuiteCrypto.encode(replacement))
                        .verify(crypto, keys.publicKey(), signature))
                .isFalse();
        assertThat(ConsentStatement.to(new CredentialStatement(Samples.BOB, Samples.REQUEST, credential))
                        .verify(crypto, keys.publicKey(), signature))
                .isFalse();
    }

    @Test
    void aWordForAFurtherDeviceCountsForOneChallengeOneClientAndOneKey() throws CryptoException {
        RegisteredCredential credential =
                new RegisteredCredential(Samples.SUITE, Samples.BOB.basicCredential(), keys.publicKey());
        Bytes challenge = Bytes.fromHex("01");
        Bytes signature = ConsentStatement.toRegistration(Samples.ALICE, challenge, Samples.BOB, credential)
                .sign(crypto, crypto.signer(keys));
        assertThat(ConsentStatement.toRegistration(Samples.ALICE, challenge, Samples.BOB, credential)
                        .verify(crypto, keys.publicKey(), signature))
                .isTrue();
        RegisteredCredential other = new RegisteredCredential(
                Samples.SUITE,
                Samples.BOB.basicCredential(),
                crypto.generateSignatureKeyPair().publicKey());
        List<ConsentStatement> others = List.of(
                ConsentStatement.toRegistration(Samples.BOB, challenge, Samples.BOB, credential),
                ConsentStatement.toRegistration(Samples.ALICE, Bytes.fromHex("02"), Samples.BOB, credential),
                ConsentStatement.toRegistration(Samples.ALICE, challenge, Samples.ALICE, credential),
                ConsentStatement.toRegistration(Samples.ALICE, challenge, Samples.BOB, other));
        assertThat(others).noneMatch(one -> one.verify(crypto, keys.publicKey(), signature));
    }

    @Test
    void codesAndRevocationsAreAgreedToOneByOne() throws CryptoException {
        Bytes challenge = Bytes.fromHex("01");
        List<ConsentStatement> statements = List.of(
                ConsentStatement.toCode(Samples.ALICE, challenge, Optional.empty()),
                ConsentStatement.toCode(Samples.ALICE, challenge, Optional.of("phone")),
                ConsentStatement.toCode(Samples.ALICE, Bytes.fromHex("02"), Optional.empty()),
                ConsentStatement.toRevocation(Samples.ALICE, challenge, Samples.BOB, "superseded"),
                ConsentStatement.toRevocation(Samples.ALICE, challenge, Samples.BOB, "key-compromise"),
                ConsentStatement.toRevocation(Samples.ALICE, challenge, Samples.ALICE, "superseded"),
                ConsentStatement.toRevocation(Samples.ALICE, Bytes.fromHex("02"), Samples.BOB, "superseded"));
        for (ConsentStatement signed : statements) {
            Bytes signature = signed.sign(crypto, crypto.signer(keys));
            assertThat(statements)
                    .filteredOn(one -> one.verify(crypto, keys.publicKey(), signature))
                    .containsExactly(signed);
        }
    }

    @Test
    void aNewKeyIsProvenForOneClientAndOneRequest() throws CryptoException {
        RegisteredCredential credential =
                new RegisteredCredential(Samples.SUITE, Samples.ALICE.basicCredential(), keys.publicKey());
        CredentialStatement statement = new CredentialStatement(Samples.ALICE, Samples.REQUEST, credential);
        Bytes proof = statement.sign(crypto, crypto.signer(keys));
        assertThat(statement.verify(crypto, proof)).isTrue();
        assertThat(new CredentialStatement(Samples.BOB, Samples.REQUEST, credential).verify(crypto, proof))
                .isFalse();
        RequestId other = RequestId.random(Randomness.system());
        assertThat(new CredentialStatement(Samples.ALICE, other, credential).verify(crypto, proof))
                .isFalse();
    }
}
