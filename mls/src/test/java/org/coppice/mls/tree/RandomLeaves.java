package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;

/** Leaves with random keys and capabilities and without a valid signature, which cost next to nothing to make. */
final class RandomLeaves {
    /** Some default and some other numbers of extensions, proposals and credentials. */
    static final List<Integer> CODE_POINTS = List.of(1, 2, 5, 7, 10, 0x0a0a, 0xf001, 0xffff);

    private final Random random;
    private final List<HpkePublicKey> encryptionKeys = new ArrayList<>();
    private final List<SignaturePublicKey> signatureKeys = new ArrayList<>();
    private boolean repeat;

    RandomLeaves(Random random) {
        this.random = random;
    }

    /** Whether keys that were given out before may come again. */
    void repeatKeys(boolean value) {
        repeat = value;
    }

    HpkePublicKey encryptionKey() {
        if (!repeat || encryptionKeys.isEmpty() || random.nextBoolean()) {
            encryptionKeys.add(freshEncryptionKey());
            return encryptionKeys.get(encryptionKeys.size() - 1);
        }
        return encryptionKeys.get(random.nextInt(encryptionKeys.size()));
    }

    SignaturePublicKey signatureKey() {
        if (!repeat || signatureKeys.isEmpty() || random.nextBoolean()) {
            signatureKeys.add(freshSignatureKey());
            return signatureKeys.get(signatureKeys.size() - 1);
        }
        return signatureKeys.get(random.nextInt(signatureKeys.size()));
    }

    HpkePublicKey freshEncryptionKey() {
        return new HpkePublicKey(bytes(32));
    }

    SignaturePublicKey freshSignatureKey() {
        return new SignaturePublicKey(bytes(32));
    }

    LeafNodeSource keyPackage() {
        return new LeafNodeSource.KeyPackage(TreeFixture.lifetime());
    }

    LeafNode leaf(LeafNodeSource source) {
        return leaf(encryptionKey(), signatureKey(), source);
    }

    LeafNode leaf(HpkePublicKey encryptionKey, SignaturePublicKey signatureKey, LeafNodeSource source) {
        Bytes identity = bytes(random.nextInt(20));
        Credential credential = random.nextInt(20) == 0
                ? new Credential.Other(new CredentialType(0xf001), identity)
                : Credential.basic(identity);
        return encode(encryptionKey, signatureKey, credential, capabilities(), source);
    }

    static LeafNode encode(
            HpkePublicKey encryptionKey,
            SignaturePublicKey signatureKey,
            Credential credential,
            Capabilities capabilities,
            LeafNodeSource source) {
        Bytes encoding = new TlsWriter()
                .struct(encryptionKey)
                .struct(signatureKey)
                .struct(credential)
                .struct(capabilities)
                .struct(source)
                .struct(Extensions.EMPTY)
                .vector(new byte[64])
                .toBytes();
        try {
            return LeafNode.decode(TreeFixture.reader(encoding));
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private Capabilities capabilities() {
        return new Capabilities(
                List.of(ProtocolVersion.MLS10),
                some().stream().map(CipherSuite::new).toList(),
                some().stream().map(ExtensionType::new).toList(),
                some().stream().map(ProposalType::new).toList(),
                some().stream().map(CredentialType::new).toList());
    }

    /** Most of the numbers, in any order. */
    private List<Integer> some() {
        List<Integer> out = new ArrayList<>(CODE_POINTS);
        Collections.shuffle(out, random);
        out.removeIf(value -> random.nextInt(40) == 0);
        return out;
    }

    private Bytes bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return Bytes.wrap(out);
    }
}
