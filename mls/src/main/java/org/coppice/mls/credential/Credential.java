package org.coppice.mls.credential;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.CredentialType;

/** Binds a member's identifiers to its signature key (RFC 9420 §5.3). A {@link CredentialValidator} judges it. */
public sealed interface Credential extends Encodable {
    /** The type, which follows from the arm. */
    CredentialType type();

    /** Reads {@code Credential}. */
    static Credential decode(TlsReader in) throws DecodeException {
        CredentialType type = CredentialType.decode(in);
        if (type.equals(CredentialType.BASIC)) {
            return new Basic(in.vector());
        }
        if (type.equals(CredentialType.X509)) {
            return new X509(in.list(TlsReader::vector));
        }
        return new Other(type, in.vector());
    }

    /** A basic credential of these identity bytes. */
    static Credential basic(Bytes identity) {
        return new Basic(identity);
    }

    /**
     * A bare identity that the application gives meaning to.
     *
     * @param identity the identity
     */
    record Basic(Bytes identity) implements Credential {
        /** Checks that nothing is missing. */
        public Basic {
            Objects.requireNonNull(identity, "identity");
        }

        @Override
        public CredentialType type() {
            return CredentialType.BASIC;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(type()).vector(identity);
        }

        /** The length only: an identity belongs into no log. */
        @Override
        public String toString() {
            return "Basic[" + identity.length() + " bytes]";
        }
    }

    /**
     * A chain of X.509 certificates.
     *
     * @param certificates DER encodings, the end entity's first, each followed by its issuer's
     */
    record X509(List<Bytes> certificates) implements Credential {
        /** Copies the list. */
        public X509 {
            certificates = List.copyOf(certificates);
        }

        @Override
        public CredentialType type() {
            return CredentialType.X509;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(type());
            int mark = out.open();
            certificates.forEach(out::vector);
            out.close(mark);
        }

        /** The count only. */
        @Override
        public String toString() {
            return "X509[" + certificates.size() + " certificates]";
        }
    }

    /**
     * A credential of a type that this library does not know. RFC 9420 leaves its body open; here it is one {@code opaque<V>},
     * as in other implementations.
     *
     * @param type a type other than basic and x509
     * @param data the body
     */
    record Other(CredentialType type, Bytes data) implements Credential {
        /** Checks that the type is not one with an arm of its own. */
        public Other {
            Objects.requireNonNull(data, "data");
            if (type.equals(CredentialType.BASIC) || type.equals(CredentialType.X509)) {
                throw new IllegalArgumentException("credential type " + type + " has a record of its own");
            }
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(type).vector(data);
        }

        /** Type and length only. */
        @Override
        public String toString() {
            return "Other[" + type + ", " + data.length() + " bytes]";
        }
    }
}
