package org.coppice.mls.schedule;

import java.util.EnumMap;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** The nine values that hang off epoch_secret (RFC 9420 §8): those that are left, and how they are stored. */
final class EpochSecretSet implements AutoCloseable {
    private static final int STORED_VERSION = 1;

    /** In the order in which they are stored. */
    enum Name {
        SENDER_DATA("sender data"),
        ENCRYPTION("encryption"),
        EXPORTER("exporter"),
        EXTERNAL("external"),
        CONFIRMATION("confirm"),
        MEMBERSHIP("membership"),
        RESUMPTION("resumption"),
        AUTHENTICATION("authentication"),
        INIT("init");

        private final String label;

        Name(String label) {
            this.label = label;
        }
    }

    private final Map<Name, Secret> secrets = new EnumMap<>(Name.class);

    private EpochSecretSet() {}

    static EpochSecretSet derive(Secret epochSecret, SuiteCrypto crypto) {
        EpochSecretSet out = new EpochSecretSet();
        for (Name name : Name.values()) {
            out.secrets.put(name, crypto.deriveSecret(epochSecret, name.label));
        }
        return out;
    }

    EpochSecretSet copy() {
        EpochSecretSet out = new EpochSecretSet();
        secrets.forEach((name, secret) -> out.secrets.put(name, secret.copy()));
        return out;
    }

    /** The secret; it stays this object's. */
    Secret get(Name name) {
        Secret secret = secrets.get(name);
        if (secret == null) {
            throw new IllegalStateException("the secret \"" + name.label + "\" was wiped or handed over");
        }
        return secret;
    }

    boolean has(Name name) {
        return secrets.containsKey(name);
    }

    /** Lets go of a secret that has another owner now. */
    void release(Name name) {
        secrets.remove(name);
    }

    void wipe(Name name) {
        Secret secret = secrets.remove(name);
        if (secret != null) {
            secret.close();
        }
    }

    int size() {
        return secrets.size();
    }

    void exposeTo(SecretWriter out) {
        out.uint8(STORED_VERSION);
        for (Name name : Name.values()) {
            Secret secret = secrets.get(name);
            if (secret == null) {
                out.vector(Bytes.EMPTY);
            } else {
                secret.exposeTo(out);
            }
        }
    }

    static EpochSecretSet restore(TlsReader in, SuiteCrypto crypto) throws DecodeException {
        int version = in.uint8();
        if (version != STORED_VERSION) {
            throw in.error(Rule.STORED_STATE, "epoch secrets of version " + version);
        }
        EpochSecretSet out = new EpochSecretSet();
        for (Name name : Name.values()) {
            Secret secret = Secret.decode(in);
            if (secret.length() != 0) {
                if (secret.length() != crypto.hashLength()) {
                    throw in.error(Rule.STORED_STATE, "a secret of " + secret.length() + " bytes");
                }
                out.secrets.put(name, secret);
            }
        }
        return out;
    }

    @Override
    public void close() {
        secrets.values().forEach(Secret::close);
        secrets.clear();
    }
}
