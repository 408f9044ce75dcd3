package org.coppice.mls.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

class DirectoryCredentialValidatorTest {
    private static final Bytes ALICE = Bytes.fromHex("a11ce0");
    private static final Bytes BOB = Bytes.fromHex("b0b0");
    private static final SignaturePublicKey PHONE = new SignaturePublicKey(Bytes.fromHex("01"));
    private static final SignaturePublicKey LAPTOP = new SignaturePublicKey(Bytes.fromHex("02"));

    private final Map<Bytes, Set<SignaturePublicKey>> keys = Map.of(ALICE, Set.of(PHONE, LAPTOP));
    private final CredentialValidator validator = new DirectoryCredentialValidator(
            (identity, key) -> keys.getOrDefault(identity, Set.of()).contains(key));

    private static IdentityClaim claim(Credential credential, SignaturePublicKey key) {
        return new IdentityClaim(credential, key, IdentityClaim.Event.ADD);
    }

    @Test
    void acceptsKeysThatTheDirectoryHolds() throws ValidationException {
        accepts(validator, claim(Credential.basic(ALICE), PHONE), claim(Credential.basic(ALICE), LAPTOP));
        accepts(validator);
    }

    @Test
    void rejectsOtherKeysAndOtherIdentities() {
        SignaturePublicKey stolen = new SignaturePublicKey(Bytes.fromHex("03"));

        rejects(validator, "basic credential 0", claim(Credential.basic(ALICE), stolen));
        rejects(
                validator,
                "basic credential 1",
                claim(Credential.basic(ALICE), PHONE),
                claim(Credential.basic(BOB), PHONE));
    }

    @Test
    void rejectsOtherTypesOfCredential() {
        rejects(validator, "credential 0 is not basic", claim(new Credential.X509(List.of(ALICE)), PHONE));
    }

    @Test
    void takesTheIdentityForTheClient() {
        IdentityClaim phone = claim(Credential.basic(ALICE), PHONE);

        assertThat(validator.identity(phone)).isEqualTo(ALICE);
        assertThat(validator.isSuccessor(phone, claim(Credential.basic(ALICE), LAPTOP)))
                .isTrue();
        assertThat(validator.isSuccessor(phone, claim(Credential.basic(BOB), LAPTOP)))
                .isFalse();
    }

    @Test
    void tellsNoIdentityInWhatItThrows() {
        assertThatThrownBy(() -> validator.validate(List.of(claim(Credential.basic(BOB), PHONE))))
                .hasMessageNotContaining(BOB.toHex());
    }
}
