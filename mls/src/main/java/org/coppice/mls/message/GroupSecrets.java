package org.coppice.mls.message;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.DecodeException;

/**
 * What a new member needs to compute the secrets of the epoch it enters (RFC 9420 §12.4.3.1). Owns its secrets: {@link
 * #close()} wipes them.
 */
public final class GroupSecrets implements AutoCloseable {
    private final Secret joinerSecret;
    private final Secret pathSecret;
    private final List<PreSharedKeyId> psks;

    /**
     * Takes over both secrets.
     *
     * @param joinerSecret the joiner secret
     * @param pathSecret the path secret of the common ancestor with the committer, or null if the Commit has no path
     * @param psks the pre-shared keys of the Commit, in its order
     */
    public GroupSecrets(Secret joinerSecret, Secret pathSecret, List<PreSharedKeyId> psks) {
        this.joinerSecret = joinerSecret;
        this.pathSecret = pathSecret;
        this.psks = List.copyOf(psks);
    }

    /**
     * Decodes what was decrypted, within {@link DecodeLimits#DEFAULT}.
     *
     * @throws DecodeException if it is malformed
     */
    public static GroupSecrets decode(Bytes plaintext) throws DecodeException {
        return decode(plaintext, DecodeLimits.DEFAULT);
    }

    /**
     * Decodes what was decrypted, within {@code limits}. Nothing of the result shares the array of {@code plaintext}, which the
     * caller wipes.
     *
     * @throws DecodeException if it is malformed
     */
    public static GroupSecrets decode(Bytes plaintext, DecodeLimits limits) throws DecodeException {
        try (DecodedSecrets decoded = new DecodedSecrets()) {
            return decode(plaintext, limits, decoded);
        }
    }

    static GroupSecrets decode(Bytes plaintext, DecodeLimits limits, DecodedSecrets decoded) throws DecodeException {
        TlsReader in = decoded.reader(plaintext, limits);
        Secret joinerSecret = Secret.decode(in);
        Secret pathSecret = in.present() ? Secret.decode(in) : null;
        TlsReader rest = new TlsReader(in.raw(in.remaining()).compact(), limits);
        List<PreSharedKeyId> psks = rest.list(PreSharedKeyId::decode);
        rest.expectEnd();
        decoded.handOver();
        return new GroupSecrets(joinerSecret, pathSecret, psks);
    }

    /** The encoding, which is as secret as the content. */
    public Secret encode() {
        try (SecretWriter out = new SecretWriter()) {
            joinerSecret.exposeTo(out);
            if (pathSecret == null) {
                out.uint8(0);
            } else {
                out.uint8(1);
                pathSecret.exposeTo(out);
            }
            out.list(psks);
            return Secret.wrap(out.toByteArray());
        }
    }

    /** The joiner secret; it stays this object's. */
    public Secret joinerSecret() {
        return joinerSecret;
    }

    /** The path secret, if the Commit had a path; it stays this object's. */
    public Optional<Secret> pathSecret() {
        return Optional.ofNullable(pathSecret);
    }

    /** The pre-shared keys, in the order of the Commit. */
    public List<PreSharedKeyId> psks() {
        return psks;
    }

    @Override
    public void close() {
        joinerSecret.close();
        if (pathSecret != null) {
            pathSecret.close();
        }
    }

    @Override
    public String toString() {
        return "GroupSecrets[" + psks.size() + " PSKs]";
    }
}
