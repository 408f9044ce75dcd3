package org.coppice.testkit.mutate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The schemas describe what the library sends, field by field, and a change of a field changes that field alone. */
class SchemasTest {
    private static List<Specimen> specimens;

    @BeforeAll
    static void specimens() throws MlsException {
        specimens = Specimens.of(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, 1)
                .all();
    }

    @Test
    void whatIsReadIsWrittenAlike() throws MlsException {
        for (Specimen specimen : specimens) {
            Bytes wire = specimen.unsealed().open().encoded();
            assertThat(Schemas.MESSAGE.readAll("message", wire).encoded()).isEqualTo(wire);
            assertThat(MlsMessage.decode(wire.toByteArray()).encoded()).isEqualTo(wire.toByteArray());
        }
    }

    @Test
    void whatIsCutOrTooLongIsNoMessage() throws MlsException {
        Bytes wire = specimens.get(0).unsealed().open().encoded();
        Bytes cut = wire.slice(0, wire.length() - 1);
        byte[] longer = Arrays.copyOf(wire.toByteArray(), wire.length() + 1);
        assertThatThrownBy(() -> Schemas.MESSAGE.readAll("message", cut)).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> Schemas.MESSAGE.readAll("message", Bytes.wrap(longer)))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void aChangeIsMadeInItsFieldAlone() {
        for (Specimen specimen : specimens) {
            List<Mutant> mutants = Mutant.all(specimen);
            for (int i = 0; i < mutants.size(); i += 37) {
                Mutant mutant = mutants.get(i);
                Field changed = specimen.open();
                assertThat(mutant.apply(changed)).as("%s", mutant).isTrue();
                Field genuine = specimen.open();
                assertThat(changed.encode()).as("%s", mutant).isNotEqualTo(genuine.encode());
                genuine.forEach((path, field) -> {
                    boolean apart =
                            !path.startsWith(mutant.path()) && !mutant.path().startsWith(path);
                    if (field.isLeaf() && apart) {
                        assertThat(changed.get(path).content()).as("%s", path).isEqualTo(field.content());
                    }
                });
            }
        }
    }

    @Test
    void everyKindOfMessageAndProposalIsThere() {
        assertThat(specimens)
                .extracting(Specimen::name)
                .contains(
                        "public commit by value",
                        "public commit by reference",
                        "private commit by value",
                        "public external commit",
                        "public external commit that returns",
                        "public add proposal",
                        "public update proposal",
                        "public remove proposal",
                        "public psk proposal",
                        "public resumption psk proposal",
                        "public reinit proposal",
                        "public extensions proposal",
                        "public custom proposal",
                        "public add proposal of the server",
                        "public add proposal of a newcomer",
                        "private application message",
                        "key package",
                        "welcome",
                        "welcome to a branch",
                        "welcome to a successor",
                        "group info for a joiner");
    }
}
