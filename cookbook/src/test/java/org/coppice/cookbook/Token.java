package org.coppice.cookbook;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A key store that gives out handles and never keys, as the JDK's PKCS#11 provider and Android's key store do: what the recipe uses in
 * their place, so that it runs on every machine.
 */
final class Token extends Provider {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "CookbookToken";
    private static final char[] PIN = "1234".toCharArray();

    private Token() {
        super(NAME, "1", "key handles without keys");
        putService(new Service(this, "KeyStore", NAME, Keys.class.getName(), null, null));
        Map<String, String> supported = Map.of("SupportedKeyClasses", Handle.class.getName());
        putService(new Service(this, "Signature", "SHA256withECDSA", Signing.class.getName(), null, supported));
    }

    /** A store in which one P-256 key was made. */
    static synchronized KeyStore keyStore(String alias) throws Exception {
        if (Security.getProvider(NAME) == null) {
            Security.addProvider(new Token());
        }
        KeyStore store = KeyStore.getInstance(NAME);
        store.load(null, PIN);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        store.setKeyEntry(
                alias, new Handle(keys.getPrivate()), PIN, new Certificate[] {Certificates.selfSigned(alias, keys)});
        return store;
    }

    /** What leaves the store: it signs by asking the store, and has nothing in it that could be copied. */
    static final class Handle implements PrivateKey {
        private static final long serialVersionUID = 1L;
        private final transient PrivateKey inside;

        private Handle(PrivateKey inside) {
            this.inside = inside;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    /** Found by the platform through {@code Signature.getInstance}, because no other provider takes the handle. */
    @SuppressWarnings("deprecation") // SignatureSpi demands the old parameter methods.
    public static final class Signing extends SignatureSpi {
        private Signature inside;

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            try {
                inside = Signature.getInstance("SHA256withECDSA");
            } catch (GeneralSecurityException e) {
                throw new InvalidKeyException(e);
            }
            inside.initSign(((Handle) key).inside);
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("the token only signs");
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            inside.update(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) throws SignatureException {
            inside.update(bytes, from, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return inside.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    /** Keeps handles and certificates in memory. */
    public static final class Keys extends KeyStoreSpi {
        private final Map<String, Key> keys = new HashMap<>();
        private final Map<String, Certificate> certificates = new HashMap<>();

        @Override
        public Key engineGetKey(String alias, char[] pin) throws UnrecoverableKeyException {
            if (!Arrays.equals(pin, PIN)) {
                throw new UnrecoverableKeyException("wrong PIN");
            }
            return keys.get(alias);
        }

        @Override
        public Certificate[] engineGetCertificateChain(String alias) {
            return new Certificate[] {certificates.get(alias)};
        }

        @Override
        public Certificate engineGetCertificate(String alias) {
            return certificates.get(alias);
        }

        @Override
        public Date engineGetCreationDate(String alias) {
            return new Date(0);
        }

        @Override
        public void engineSetKeyEntry(String alias, Key key, char[] pin, Certificate[] chain) {
            keys.put(alias, key);
            certificates.put(alias, chain[0]);
        }

        @Override
        public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void engineSetCertificateEntry(String alias, Certificate certificate) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void engineDeleteEntry(String alias) {
            keys.remove(alias);
            certificates.remove(alias);
        }

        @Override
        public Enumeration<String> engineAliases() {
            return Collections.enumeration(List.copyOf(keys.keySet()));
        }

        @Override
        public boolean engineContainsAlias(String alias) {
            return keys.containsKey(alias);
        }

        @Override
        public int engineSize() {
            return keys.size();
        }

        @Override
        public boolean engineIsKeyEntry(String alias) {
            return keys.containsKey(alias);
        }

        @Override
        public boolean engineIsCertificateEntry(String alias) {
            return false;
        }

        @Override
        public String engineGetCertificateAlias(Certificate certificate) {
            return null;
        }

        @Override
        public void engineStore(OutputStream out, char[] pin) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void engineLoad(InputStream in, char[] pin) {
            // A token is there or not; nothing is read.
        }
    }
}
