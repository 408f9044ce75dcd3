package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ExtensionType;

/** Between what gRPC carries and what the library takes. What is of another kind than expected is the caller's mistake. */
final class Wire {
    private Wire() {}

    static Bytes bytes(ByteString value) {
        return Bytes.wrap(value.toByteArray());
    }

    static ByteString bytes(Bytes value) {
        return ByteString.copyFrom(value.toByteArray());
    }

    static ByteString bytes(MlsMessage message) {
        return ByteString.copyFrom(message.encoded());
    }

    /** Nothing for no message. */
    static ByteString bytes(Optional<MlsMessage> message) {
        return message.map(Wire::bytes).orElse(ByteString.EMPTY);
    }

    /** A struct that is sent without a message around it. */
    static ByteString bare(Encodable struct) {
        return bytes(SuiteCrypto.encode(struct));
    }

    /** The private keys of a test are no secrets. */
    static ByteString exposed(Secret secret) {
        return ByteString.copyFrom(secret.exposeCopy());
    }

    static MlsMessage message(ByteString encoded) throws DecodeException {
        return MlsMessage.decode(encoded.toByteArray());
    }

    static KeyPackage keyPackage(ByteString encoded) throws DecodeException {
        MlsMessage message = message(encoded);
        if (message.body() instanceof MlsMessage.KeyPackage body) {
            return body.keyPackage();
        }
        throw new IllegalArgumentException("a KeyPackage was expected, not a " + message.wireFormat());
    }

    static GroupInfo groupInfo(ByteString encoded) throws DecodeException {
        MlsMessage message = message(encoded);
        if (message.body() instanceof MlsMessage.GroupInfo body) {
            return body.groupInfo();
        }
        throw new IllegalArgumentException("a GroupInfo was expected, not a " + message.wireFormat());
    }

    static ExternalSender externalSender(ByteString encoded) throws DecodeException {
        TlsReader in = new TlsReader(bytes(encoded), DecodeLimits.DEFAULT);
        ExternalSender out = ExternalSender.decode(in);
        in.expectEnd();
        return out;
    }

    static Extensions extensions(List<org.coppice.interop.wire.Extension> extensions) {
        return new Extensions(extensions.stream()
                .map(extension -> new Extension(
                        new ExtensionType(extension.getExtensionType()), bytes(extension.getExtensionData())))
                .toList());
    }

    static CipherSuite suite(int value) {
        return new CipherSuite(value);
    }
}
