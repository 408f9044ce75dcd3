package org.coppice.testkit.vectors;

import java.util.EnumMap;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.schedule.EpochSecrets;

/**
 * The secrets of an epoch by name. {@link EpochSecrets} hands most of them to nobody, so they are read from, and put into, the
 * form in which it is stored.
 */
final class StoredSecrets {
    /** What hangs off epoch_secret, in the order in which it is stored. */
    enum Name {
        SENDER_DATA("sender_data_secret"),
        ENCRYPTION("encryption_secret"),
        EXPORTER("exporter_secret"),
        EXTERNAL("external_secret"),
        CONFIRMATION("confirmation_key"),
        MEMBERSHIP("membership_key"),
        RESUMPTION("resumption_psk"),
        AUTHENTICATION("epoch_authenticator"),
        INIT("init_secret");

        private final String field;

        Name(String field) {
            this.field = field;
        }

        /** Its name in the vectors. */
        String field() {
            return field;
        }
    }

    private StoredSecrets() {}

    /** All secrets of an epoch whose secret tree was not taken yet. */
    static Map<Name, Bytes> of(EpochSecrets secrets) throws DecodeException {
        SecretWriter out = new SecretWriter();
        secrets.exposeTo(out);
        TlsReader in = new TlsReader(out.toBytes(), DecodeLimits.DEFAULT);
        in.uint8();
        Map<Name, Bytes> map = new EnumMap<>(Name.class);
        for (Name name : Name.values()) {
            map.put(name, in.vector());
        }
        in.expectEnd();
        return map;
    }

    /** An epoch of which only these secrets are known. */
    static EpochSecrets toEpochSecrets(Map<Name, Bytes> secrets, SuiteCrypto crypto) throws DecodeException {
        TlsWriter out = new TlsWriter().uint8(1);
        for (Name name : Name.values()) {
            out.vector(secrets.getOrDefault(name, Bytes.EMPTY));
        }
        return EpochSecrets.restore(new TlsReader(out.toBytes(), DecodeLimits.DEFAULT), crypto);
    }
}
