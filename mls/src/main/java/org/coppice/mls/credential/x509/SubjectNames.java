package org.coppice.mls.credential.x509;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/** The default {@link CertificateIdentity}; see {@link CertificateIdentity#subjectNames()} for the encoding. */
final class SubjectNames {
    private static final String SUBJECT_ALT_NAME = "2.5.29.17";
    private static final int KIND_ALTERNATIVE = 1;
    private static final int KIND_SUBJECT = 2;
    /** Tags of GeneralName (RFC 5280 §4.2.1.6). */
    private static final int RFC822_NAME = 0x81;

    private static final int DNS_NAME = 0x82;

    private SubjectNames() {}

    static Optional<Bytes> of(X509Certificate endEntity) {
        byte[] extension = endEntity.getExtensionValue(SUBJECT_ALT_NAME);
        if (extension != null) {
            return alternativeNames(Bytes.wrap(extension));
        }
        if (endEntity.getSubjectX500Principal().getName().isEmpty()) {
            return Optional.empty();
        }
        byte[] subject = endEntity.getSubjectX500Principal().getEncoded();
        return Optional.of(new TlsWriter().uint8(KIND_SUBJECT).raw(subject).toBytes());
    }

    private static Optional<Bytes> alternativeNames(Bytes extension) {
        SortedSet<Bytes> names = new TreeSet<>();
        try {
            Der in = new Der(Der.only(Der.SEQUENCE, Der.only(Der.OCTET_STRING, extension)));
            while (in.hasNext()) {
                int tag = in.tag();
                Bytes name = canonical(tag, in.read(tag));
                names.add(new TlsWriter().uint8(tag).vector(name).toBytes());
            }
        } catch (Refusal malformed) {
            return Optional.empty();
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        TlsWriter out = new TlsWriter().uint8(KIND_ALTERNATIVE);
        names.forEach(out::raw);
        return Optional.of(out.toBytes());
    }

    /** RFC 5280 §7.2, §7.5: host names compare without case, and so does the part of a mailbox behind the at sign. */
    private static Bytes canonical(int tag, Bytes name) {
        if (tag != DNS_NAME && tag != RFC822_NAME) {
            return name;
        }
        byte[] out = name.toByteArray();
        int from = 0;
        if (tag == RFC822_NAME) {
            from = out.length;
            while (from > 0 && out[from - 1] != '@') {
                from--;
            }
        }
        for (int i = from; i < out.length; i++) {
            if (out[i] >= 'A' && out[i] <= 'Z') {
                out[i] = (byte) (out[i] + ('a' - 'A'));
            }
        }
        return Bytes.wrap(out);
    }
}
