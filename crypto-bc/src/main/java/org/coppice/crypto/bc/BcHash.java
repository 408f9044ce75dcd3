package org.coppice.crypto.bc;

import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;

/** SHA-2 and HMAC. */
final class BcHash implements Hash {
    private final HashAlgorithm algorithm;

    BcHash(HashAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    static ExtendedDigest digest(HashAlgorithm algorithm) {
        return switch (algorithm) {
            case SHA_256 -> SHA256Digest.newInstance();
            case SHA_384 -> new SHA384Digest();
            case SHA_512 -> new SHA512Digest();
        };
    }

    @Override
    public HashAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
        ExtendedDigest digest = digest(algorithm);
        digest.update(in, offset, length);
        digest.doFinal(out, outOffset);
    }

    @Override
    public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
        HMac mac = new HMac(digest(algorithm));
        mac.init(new KeyParameter(key));
        mac.update(in, offset, length);
        mac.doFinal(out, outOffset);
    }
}
