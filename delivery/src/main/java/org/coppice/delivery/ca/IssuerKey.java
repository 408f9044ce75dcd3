package org.coppice.delivery.ca;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.engine.OwnerOnly;

/**
 * The key that the authority signs with, and its certificates up to the anchor that clients trust. The key may be an object of a hardware
 * module's key store: it is only asked to sign. Thread safe.
 */
public final class IssuerKey {
    private static final String FILE = "authority.p12";
    private static final char[] NO_PASSWORD = new char[0];
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final String algorithm;

    private IssuerKey(PrivateKey key, List<X509Certificate> chain, String algorithm) {
        this.key = key;
        this.chain = chain;
        this.algorithm = algorithm;
    }

    /**
     * A key with its certificates.
     *
     * @param chain the certificate of {@code key} first, each followed by its issuer's; the last is the anchor
     * @throws IllegalArgumentException if the chain is broken, its certificates are not for an authority that signs certificates and
     *     revocation lists, or the key is not that of the first
     */
    public static IssuerKey of(PrivateKey key, List<X509Certificate> chain) {
        Objects.requireNonNull(key, "key");
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an authority has a certificate");
        }
        try {
            for (int i = 1; i < chain.size(); i++) {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            }
            for (X509Certificate certificate : chain) {
                checkUsage(certificate, KEY_CERT_SIGN);
            }
            checkUsage(chain.get(0), CRL_SIGN);
            String algorithm = algorithm(chain.get(0).getPublicKey());
            checkPair(key, chain.get(0).getPublicKey(), algorithm);
            return new IssuerKey(key, List.copyOf(chain), algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the authority's certificates and key do not belong together", e);
        }
    }

    /**
     * The key in a key store, of a file or of a hardware module.
     *
     * @param alias the entry; if not given, the only one with a private key
     * @param password of the entry
     * @throws IllegalArgumentException if there is no such entry, it cannot be opened, or {@link #of} refuses it
     */
    public static IssuerKey of(KeyStore store, Optional<String> alias, char[] password) {
        try {
            String name = alias.isPresent() ? alias.get() : onlyKey(store);
            PrivateKey key = (PrivateKey) store.getKey(name, password);
            Certificate[] certificates = store.getCertificateChain(name);
            if (key == null || certificates == null) {
                throw new IllegalArgumentException("the key store has no private key of that name");
            }
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : certificates) {
                chain.add((X509Certificate) certificate);
            }
            return of(key, chain);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the authority's key cannot be taken from its store", e);
        }
    }

    /**
     * The only key in a PKCS #12 file.
     *
     * @throws IOException if the file cannot be read, or not with this password
     */
    public static IssuerKey open(Path file, char[] password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return of(store, Optional.empty(), password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority's key store cannot be read", e);
        }
    }

    /**
     * The key of a single node without a key store of its own: in {@code authority.p12} in {@code directory}, which only the owner may
     * read and which has no password, as the same person would have to keep both. Made if it is not there.
     */
    public static IssuerKey openOrCreate(Path directory, Clock clock) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            RootMaker.Root root = RootMaker.make(clock);
            write(file, of(root.key(), List.of(root.certificate())));
        }
        return open(file, NO_PASSWORD);
    }

    private static void write(Path file, IssuerKey issuer) throws IOException {
        Path draft = Files.createTempFile(file.getParent(), "authority", ".draft", OwnerOnly.attributes(file));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("authority", issuer.key, NO_PASSWORD, issuer.chain.toArray(new Certificate[0]));
            try (OutputStream out = Files.newOutputStream(draft)) {
                store.store(out, NO_PASSWORD);
            }
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            // A link, since that fails if somebody else was first, where a move would replace what clients may trust
            // already.
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (UnsupportedOperationException e) {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the authority's key store cannot be written", e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String onlyKey(KeyStore store) throws GeneralSecurityException {
        String found = null;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                if (found != null) {
                    throw new IllegalArgumentException("the key store has several keys: say which");
                }
                found = alias;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("the key store has no private key");
        }
        return found;
    }

    private static void checkUsage(X509Certificate certificate, int use) {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || usage != null && !usage[use]) {
            throw new IllegalArgumentException(
                    "a certificate in the authority's chain is not for signing certificates, or revocation lists");
        }
    }

    private static String algorithm(PublicKey key) throws InvalidKeyException {
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return bits > 384 ? "SHA512withECDSA" : bits > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
        }
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            // The algorithm's name is of both; the encoding has the same length for no two.
            case "EdDSA" -> key.getEncoded().length < 50 ? "Ed25519" : "Ed448";
            default -> throw new InvalidKeyException("no algorithm for an authority: " + key.getAlgorithm());
        };
    }

    private static void checkPair(PrivateKey key, PublicKey publicKey, String algorithm)
            throws GeneralSecurityException {
        byte[] message = {'k', 'e', 'y'};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(message);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(publicKey);
        verifier.update(message);
        if (!verifier.verify(signature)) {
            throw new InvalidKeyException("the private key is not that of the certificate");
        }
    }

    PrivateKey key() {
        return key;
    }

    /** The JCA's name of the signature algorithm. */
    String algorithm() {
        return algorithm;
    }

    /** The certificate of the key. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The certificate that clients trust. */
    public X509Certificate anchor() {
        return chain.get(chain.size() - 1);
    }

    /** What a client's chain has above its own certificate: all but the anchor, which everybody has. */
    public List<X509Certificate> intermediates() {
        return chain.subList(0, chain.size() - 1);
    }

    /** The subject of the certificate. */
    @Override
    public String toString() {
        return "IssuerKey[" + certificate().getSubjectX500Principal() + "]";
    }
}
