package org.coppice.mls.message;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.error.DecodeException;

/**
 * Lets the members that a Commit added enter the group (RFC 9420 §12.4.3.1).
 *
 * @param cipherSuite the group's cipher suite
 * @param secrets the GroupSecrets, encrypted to each new member on its own
 * @param encryptedGroupInfo the GroupInfo, encrypted once for all of them
 */
public record Welcome(CipherSuite cipherSuite, List<EncryptedGroupSecrets> secrets, Bytes encryptedGroupInfo)
        implements Encodable {
    /** Copies the list. */
    public Welcome {
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        secrets = List.copyOf(secrets);
        Objects.requireNonNull(encryptedGroupInfo, "encryptedGroupInfo");
    }

    /**
     * The GroupSecrets of one new member.
     *
     * @param newMember the reference of the key package by which it was added
     * @param encryptedGroupSecrets the secrets, encrypted to that package's init_key
     */
    public record EncryptedGroupSecrets(Bytes newMember, HpkeCiphertext encryptedGroupSecrets) implements Encodable {
        /** Checks that nothing is missing. */
        public EncryptedGroupSecrets {
            Objects.requireNonNull(newMember, "newMember");
            Objects.requireNonNull(encryptedGroupSecrets, "encryptedGroupSecrets");
        }

        /** Reads {@code EncryptedGroupSecrets}. */
        public static EncryptedGroupSecrets decode(TlsReader in) throws DecodeException {
            return new EncryptedGroupSecrets(in.vector(), HpkeCiphertext.decode(in));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.vector(newMember).struct(encryptedGroupSecrets);
        }
    }

    /** Reads {@code Welcome}. */
    public static Welcome decode(TlsReader in) throws DecodeException {
        return new Welcome(CipherSuite.decode(in), in.list(EncryptedGroupSecrets::decode), in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(cipherSuite).list(secrets).vector(encryptedGroupInfo);
    }
}
