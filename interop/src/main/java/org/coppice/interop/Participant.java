package org.coppice.interop;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.group.MlsClient;

/** A client with its signature key at hand, and with the pre-shared keys that it was given. */
final class Participant {
    private final MlsClient client;
    private final SignatureKeyPair signatureKeys;
    private final Bytes identity;
    private final PskShelf psks;

    private Participant(MlsClient client, SignatureKeyPair signatureKeys, Bytes identity, PskShelf psks) {
        this.client = client;
        this.signatureKeys = signatureKeys;
        this.identity = identity;
        this.psks = psks;
    }

    /**
     * A client with a new signature key.
     *
     * @throws CryptoException if the provider lacks the suite
     */
    static Participant create(Environment environment, CipherSuite suite, Bytes identity) throws CryptoException {
        return create(environment, suite, identity, new PskShelf());
    }

    private static Participant create(Environment environment, CipherSuite suite, Bytes identity, PskShelf psks)
            throws CryptoException {
        Environment own = environment.toBuilder().psks(psks).build();
        SuiteCrypto crypto = own.crypto(suite);
        SignatureKeyPair keys = crypto.generateSignatureKeyPair();
        MlsClient client = MlsClient.of(own, suite, Credential.basic(identity), crypto.signer(keys));
        return new Participant(client, keys, identity, psks);
    }

    /** The same one in another suite, which needs keys of its own. */
    Participant inSuite(CipherSuite suite) throws CryptoException {
        return create(client.environment(), suite, identity, psks);
    }

    MlsClient client() {
        return client;
    }

    SignatureKeyPair signatureKeys() {
        return signatureKeys;
    }

    PskShelf psks() {
        return psks;
    }
}
