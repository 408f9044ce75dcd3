package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk to the key by itself, behind a platform that may refuse the same bytes first. */
class SubjectKeyTest {
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

    private static Bytes certificate(AlgorithmIdentifier algorithm, DERBitString key, boolean versioned)
            throws IOException {
        DERSequence empty = new DERSequence();
        ASN1EncodableVector tbs = new ASN1EncodableVector();
        if (versioned) {
            tbs.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
        }
        tbs.add(new ASN1Integer(1));
        for (int i = 0; i < 4; i++) {
            tbs.add(empty);
        }
        ASN1EncodableVector keyInfo = new ASN1EncodableVector();
        keyInfo.add(algorithm);
        keyInfo.add(key);
        tbs.add(new DERSequence(keyInfo));
        ASN1EncodableVector whole = new ASN1EncodableVector();
        whole.add(new DERSequence(tbs));
        whole.add(empty);
        whole.add(new DERBitString(new byte[1]));
        return Bytes.wrap(new DERSequence(whole).getEncoded());
    }

    private static byte[] point(int form, int length) {
        byte[] point = new byte[length];
        point[0] = (byte) form;
        return point;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "Ed448", "secp256r1", "secp384r1", "secp521r1"})
    void findsTheKeyOfEachAlgorithm(String algorithm) throws Refusal {
        TestCertificate certificate = template("CN=alice", algorithm).selfSigned();

        assertThat(SubjectKey.of(certificate.der(), SubjectKey.STANDARD))
                .isEqualTo(certificate.signatureKey().data());
    }

    @Test
    void findsTheKeyWithAndWithoutAVersion() throws Exception {
        DERBitString key = new DERBitString(point(4, 65));

        assertThat(SubjectKey.of(certificate(P256, key, true), SubjectKey.STANDARD))
                .isEqualTo(SubjectKey.of(certificate(P256, key, false), SubjectKey.STANDARD))
                .isEqualTo(Bytes.wrap(point(4, 65)));
    }

    @Test
    void refusesPointsInOtherForms() throws Exception {
        for (byte[] key : new byte[][] {
            point(2, 33), point(3, 33), point(2, 65), point(6, 65), point(4, 64), point(4, 66), point(0, 1), {}
        }) {
            refuses(certificate(P256, new DERBitString(key), true), "not the form");
        }
    }

    @Test
    void refusesUnusedBits() throws Exception {
        refuses(certificate(P256, new DERBitString(point(4, 65), 1), true), "not the form");
    }

    @Test
    void refusesCurvesGivenByParameters() throws Exception {
        AlgorithmIdentifier implicit =
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, ECNamedCurveTable.getByName("secp256r1"));

        refuses(certificate(implicit, new DERBitString(point(4, 65)), true), "no signature algorithm");
    }

    private static void refuses(Bytes certificate, String reason) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> SubjectKey.of(certificate, SubjectKey.STANDARD));
        assertThat(refusal).hasMessageContaining(reason);
    }
}
