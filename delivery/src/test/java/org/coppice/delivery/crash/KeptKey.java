package org.coppice.delivery.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;

/** The signature key of a client, in a file that outlives its process: the service takes no other key without its consent. */
final class KeptKey {
    private KeptKey() {}

    /** The client's key; made when it is asked for the first time. */
    static SignatureKeyPair of(Path directory, ClientId id, SuiteCrypto crypto) throws Exception {
        Path file = directory.resolve(id.toString().replace('/', '_') + ".key");
        if (Files.exists(file)) {
            TlsReader in = new TlsReader(Bytes.wrap(Files.readAllBytes(file)), DecodeLimits.DEFAULT);
            SignaturePublicKey publicKey = SignaturePublicKey.decode(in);
            return new SignatureKeyPair(Secret.decode(in), publicKey);
        }
        SignatureKeyPair made = crypto.generateSignatureKeyPair();
        write(file, made);
        return made;
    }

    /** Whole or not at all: the process may be killed at any moment. */
    private static void write(Path file, SignatureKeyPair keys) throws IOException {
        byte[] content = new TlsWriter()
                .struct(keys.publicKey())
                .vector(keys.privateKey().exposeCopy())
                .toByteArray();
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.write(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
