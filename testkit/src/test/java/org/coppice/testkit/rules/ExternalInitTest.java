package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** External initialization (RFC 9420 §8.3), computed once more by the formulas of RFC 9180 for suite 1. */
class ExternalInitTest {
    private static final Bytes KEM =
            new TlsWriter().raw(ascii("KEM")).uint16(0x20).toBytes();
    private static final Bytes HPKE =
            new TlsWriter().raw(ascii("HPKE")).uint16(0x20).uint16(1).uint16(1).toBytes();

    private final SuiteCrypto crypto;

    ExternalInitTest() throws Exception {
        crypto = SuiteCrypto.of(new CipherSuite(1), CryptoProviders.best(), Randomness.system());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Bytes hmac(Bytes key, TlsWriter input) {
        try (Secret secret = Secret.wrap(key.length() == 0 ? new byte[32] : key.toByteArray())) {
            return crypto.mac(secret, input.toBytes());
        }
    }

    private Bytes extract(Bytes suite, Bytes salt, String label, Bytes ikm) {
        return hmac(
                salt,
                new TlsWriter()
                        .raw(ascii("HPKE-v1"))
                        .raw(suite)
                        .raw(ascii(label))
                        .raw(ikm));
    }

    /** One block of 32 bytes. */
    private Bytes expand(Bytes suite, Bytes secret, String label, Bytes info) {
        return hmac(
                secret,
                new TlsWriter()
                        .uint16(32)
                        .raw(ascii("HPKE-v1"))
                        .raw(suite)
                        .raw(ascii(label))
                        .raw(info)
                        .uint8(1));
    }

    private static Bytes x25519(Bytes privateKey, Bytes publicKey) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("X25519");
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[31 - i] = publicKey.at(i);
        }
        bigEndian[0] &= 0x7f;
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(
                factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey.toByteArray())));
        agreement.doPhase(
                factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
                true);
        return Bytes.wrap(agreement.generateSecret());
    }

    private Bytes byTheFormulas(HpkeKeyPair external, Bytes kemOutput) throws GeneralSecurityException {
        Bytes dh = x25519(Bytes.wrap(external.privateKey().exposeCopy()), kemOutput);
        Bytes kemContext =
                new TlsWriter().raw(kemOutput).raw(external.publicKey().data()).toBytes();
        Bytes shared = expand(KEM, extract(KEM, Bytes.EMPTY, "eae_prk", dh), "shared_secret", kemContext);
        Bytes context = new TlsWriter()
                .uint8(0)
                .raw(extract(HPKE, Bytes.EMPTY, "psk_id_hash", Bytes.EMPTY))
                .raw(extract(HPKE, Bytes.EMPTY, "info_hash", Bytes.EMPTY))
                .toBytes();
        Bytes exporter = expand(HPKE, extract(HPKE, shared, "secret", Bytes.EMPTY), "exp", context);
        return expand(HPKE, exporter, "sec", Bytes.wrap(ascii("MLS 1.0 external init secret")));
    }

    @Test
    @Tag("R-8.3-01")
    @Tag("R-8.3-02")
    void joinerAndMemberComputeTheInitSecretOfTheFormulas() throws Exception {
        try (HpkeKeyPair external = crypto.generateHpkeKeyPair()) {
            SuiteCrypto.ExternalInitSecret joiners = crypto.externalInit(external.publicKey());
            Bytes expected = byTheFormulas(external, joiners.kemOutput());
            assertThat(Bytes.wrap(joiners.initSecret().exposeCopy())).isEqualTo(expected);
            try (Secret members = crypto.externalInit(external, joiners.kemOutput())) {
                assertThat(Bytes.wrap(members.exposeCopy())).isEqualTo(expected);
            }
        }
    }
}
