package org.coppice.mls.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.CredentialType;
import org.junit.jupiter.api.Test;

class CredentialValidatorsTest {
    private static final CredentialType CUSTOM = new CredentialType(0xf123);
    private static final Bytes BODY = Bytes.fromHex("0102");

    private final List<List<IdentityClaim>> basicBatches = new ArrayList<>();
    private final List<List<IdentityClaim>> customBatches = new ArrayList<>();
    private final CredentialValidator both = CredentialValidators.byType(
            Map.of(CredentialType.BASIC, recording(basicBatches), CUSTOM, recording(customBatches)));

    private final IdentityClaim basic = claim(Credential.basic(BODY));
    private final IdentityClaim otherBasic = claim(Credential.basic(Bytes.EMPTY));
    private final IdentityClaim custom = claim(new Credential.Other(CUSTOM, BODY));
    private final IdentityClaim x509 = claim(new Credential.X509(List.of(BODY)));

    private static IdentityClaim claim(Credential credential) {
        return new IdentityClaim(credential, new SignaturePublicKey(BODY), IdentityClaim.Event.JOIN);
    }

    /** Refuses nothing; everyone has the identity of no bytes. */
    private static CredentialValidator recording(List<List<IdentityClaim>> batches) {
        return new CredentialValidator() {
            @Override
            public void validate(List<IdentityClaim> claims) {
                batches.add(claims);
            }

            @Override
            public Bytes identity(IdentityClaim claim) {
                return Bytes.EMPTY;
            }
        };
    }

    private static CredentialValidator refusing(Rule rule) {
        return new CredentialValidator() {
            @Override
            public void validate(List<IdentityClaim> claims) throws ValidationException {
                throw new ValidationException(rule);
            }

            @Override
            public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
                return false;
            }

            @Override
            public Bytes identity(IdentityClaim claim) {
                return Bytes.EMPTY;
            }
        };
    }

    @Test
    void asksTheValidatorOfEachTypeOncePerBatch() throws ValidationException {
        accepts(both, basic, custom, otherBasic);

        assertThat(basicBatches).containsExactly(List.of(basic, otherBasic));
        assertThat(customBatches).containsExactly(List.of(custom));
    }

    @Test
    void asksNobodyAboutTypesThatAreNotThere() throws ValidationException {
        accepts(both, basic);
        accepts(both);

        assertThat(basicBatches).hasSize(1);
        assertThat(customBatches).isEmpty();
    }

    @Test
    void rejectsTypesWithoutAValidatorBeforeAskingAny() {
        rejects(both, "no validator for type x509", basic, x509);

        assertThat(basicBatches).isEmpty();
    }

    @Test
    void passesARefusalOn() {
        CredentialValidator one = CredentialValidators.byType(
                Map.of(CredentialType.BASIC, recording(basicBatches), CUSTOM, refusing(Rule.CREDENTIAL_KEY_MISMATCH)));

        rejects(one, Rule.CREDENTIAL_KEY_MISMATCH, "", basic, custom);
    }

    @Test
    void keepsIdentitiesOfTypesApart() {
        assertThat(both.identity(basic)).isEqualTo(both.identity(otherBasic)).isNotEqualTo(both.identity(custom));
        assertThat(both.identity(x509)).isNotEqualTo(both.identity(basic));
    }

    @Test
    void asksTheValidatorOfTheTypeAboutSuccession() {
        CredentialValidator strict =
                CredentialValidators.byType(Map.of(CredentialType.BASIC, refusing(Rule.CREDENTIAL_REJECTED)));

        assertThat(both.isSuccessor(basic, otherBasic)).isTrue();
        assertThat(strict.isSuccessor(basic, basic)).isFalse();
    }

    @Test
    void seesNoSuccessorAcrossTypesOrWithoutAValidator() {
        assertThat(both.isSuccessor(basic, custom)).isFalse();
        assertThat(both.isSuccessor(custom, basic)).isFalse();
        assertThat(both.isSuccessor(x509, x509)).isFalse();
    }

    @Test
    void copiesTheMap() {
        Map<CredentialType, CredentialValidator> map = new HashMap<>();
        CredentialValidator none = CredentialValidators.byType(map);

        map.put(CredentialType.BASIC, recording(basicBatches));

        rejects(none, "no validator for type basic", basic);
    }
}
