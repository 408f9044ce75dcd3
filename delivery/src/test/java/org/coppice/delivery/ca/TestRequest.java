package org.coppice.delivery.ca;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.contract.Device;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;

/** A key pair of the JDK and certification requests for it, good ones and others. */
record TestRequest(String algorithm, KeyPair keys, List<GeneralName> names) {
    /** The keys of the seven suites, by the names that the JDK has for them. */
    static final List<String> ALGORITHMS = List.of("Ed25519", "Ed448", "secp256r1", "secp384r1", "secp521r1");

    static TestRequest of(String client) {
        return of("Ed25519", client);
    }

    static TestRequest of(String algorithm, String client) {
        return new TestRequest(algorithm, generate(algorithm), List.of(uri("coppice:" + client)));
    }

    static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    TestRequest naming(GeneralName... others) {
        return new TestRequest(algorithm, keys, List.of(others));
    }

    /** The same key for another client. */
    TestRequest naming(String client) {
        return naming(uri("coppice:" + client));
    }

    /** Keys of a curve, by its name in the JDK. */
    static KeyPair generate(String algorithm) {
        try {
            if (algorithm.startsWith("secp")) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec(algorithm));
                return generator.generateKeyPair();
            }
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String signatureName(String algorithm) {
        return switch (algorithm) {
            case "secp256r1" -> "SHA256withECDSA";
            case "secp384r1" -> "SHA384withECDSA";
            case "secp521r1" -> "SHA512withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm;
        };
    }

    Bytes der() {
        return der(keys, signatureName(algorithm));
    }

    /** Signed with another key, or by another algorithm. */
    Bytes der(KeyPair signer, String signature) {
        try {
            ContentSigner content = new JcaContentSignerBuilder(signature).build(signer.getPrivate());
            JcaPKCS10CertificationRequestBuilder builder =
                    new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=anybody"), keys.getPublic());
            if (!names.isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new ArrayList<>(names).toArray(new GeneralName[0])));
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            return Bytes.wrap(builder.build(content).getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The key as MLS writes it. */
    SignaturePublicKey key() {
        return new SignaturePublicKey(
                Bytes.wrap(SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded())
                        .getPublicKeyData()
                        .getBytes()));
    }

    /** The hash of the SubjectPublicKeyInfo. */
    Bytes keyHash() {
        try {
            return Bytes.wrap(
                    MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A login signed by this key, whose suite is that of Ed25519. */
    Bytes login(LoginStatement statement) throws Exception {
        return statement.sign(crypto(Device.SUITE), signer());
    }

    /** A proof by this key, whose suite is that of Ed25519. */
    Bytes possession(CredentialStatement statement) throws Exception {
        return statement.sign(crypto(Device.SUITE), signer());
    }

    /** What agrees by this key, of whatever algorithm. */
    Bytes consent(ConsentStatement statement) throws Exception {
        KeyKind kind = KeyKind.of(
                        SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
                .orElseThrow();
        return statement.sign(crypto(kind.suite()), signer());
    }

    private static SuiteCrypto crypto(CipherSuite suite) throws CryptoException {
        return Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .build()
                .crypto(suite);
    }

    private Signer signer() {
        return new Signer() {
            @Override
            public SignaturePublicKey publicKey() {
                return key();
            }

            @Override
            public byte[] sign(byte[] message) {
                try {
                    Signature signature = Signature.getInstance(signatureName(algorithm));
                    signature.initSign(keys.getPrivate());
                    signature.update(message);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }
}
