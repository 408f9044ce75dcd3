package org.coppice.client.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.coppice.client.identity.AuthorityService;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Connector;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Voucher;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.CryptoException;

/**
 * A delivery service at a URL. {@link #register} makes a client known there, {@link #connect} opens its session; tokens are renewed as
 * needed, requests without an answer are sent again with the same id. Thread safe.
 *
 * <p>Every call that talks to the service throws {@link UntrustedServiceException}, an {@link IOException}, at once if the service's
 * certificate is not taken.
 *
 * <p>The URL is https; http is for this machine alone, unless the application insists: MLS keeps content secret over any transport, but
 * handshakes and who talks to whom need TLS (RFC 9750 §6.4, §8.1).
 */
public final class HttpDelivery implements Connector, AutoCloseable {
    private final Transport transport;
    private final Clock clock;
    private final Events events;

    private HttpDelivery(Builder builder) {
        this.clock = builder.clock;
        this.events = builder.events;
        this.transport = new Transport(builder.client(), builder.url, builder.sleeper, builder.clock);
    }

    /** How hints come. */
    public enum Events {
        /** As a stream of server-sent events; by asking, where something on the way keeps streams back. */
        STREAM_OR_POLL,
        /** As a stream of server-sent events only. */
        STREAM,
        /** By asking every few seconds only: the service then learns less of when this client is awake. */
        POLL
    }

    /**
     * A service at a URL with the default options.
     *
     * @throws IllegalArgumentException if it is no http or https URL, or http to another machine
     */
    public static HttpDelivery at(String url) {
        return builder(url).build();
    }

    /**
     * Options for a service at a URL.
     *
     * @throws IllegalArgumentException if it is no http or https URL
     */
    public static Builder builder(String url) {
        return new Builder(url);
    }

    /** How {@link Builder#pin} names the key of a certificate. */
    public static String pinOf(X509Certificate certificate) {
        return CertificatePinner.pin(Objects.requireNonNull(certificate, "certificate"));
    }

    /** The service as a client signs it when it logs in: {@code scheme://authority}. */
    public String audience() {
        return transport.audience();
    }

    /**
     * How far the clock here is ahead of the service's, negative if it is behind, as its last answer tells, to about a second; empty if
     * none told the time. Key packages are refused, and certificates not taken, where clocks are far apart.
     */
    public Optional<Duration> clockAhead() {
        return transport.clockAhead();
    }

    /** Registers a client whose user is new. Registering the same identity again does no harm. */
    public void register(Identity identity) throws DeliveryException, IOException {
        register(identity, Optional.empty());
    }

    /**
     * Registers a client.
     *
     * @param voucher the word of another client of the same user ({@link #voucher}), for a further device
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#NOT_ALLOWED} if the policy of the service forbids it;
     *     {@link org.coppice.delivery.api.ProblemKind#REFUSED} if the voucher does not hold, or not any more
     * @throws IOException if the service cannot be reached
     */
    public void register(Identity identity, Optional<Voucher> voucher) throws DeliveryException, IOException {
        new Login(transport, identity, clock).register(voucher);
    }

    /**
     * Ends all logins of a client, whoever holds their tokens; see {@link DeliverySession#logOut}.
     *
     * @throws IOException if the service cannot be reached
     */
    public void logOut(Identity identity) throws DeliveryException, IOException {
        try (DeliverySession session = connect(identity)) {
            session.logOut();
        }
    }

    /**
     * Ends the registration of a client of the identity's user; see {@link DeliverySession#unregister}. Returns also if the service has
     * forgotten the identity meanwhile.
     *
     * @param identity who asks, and signs that it agrees
     * @param client that of {@code identity}, or another one of the same user, such as one that was lost
     * @throws DeliveryException {@link org.coppice.delivery.api.ProblemKind#UNKNOWN_CLIENT} if the other one is not registered;
     *     {@link org.coppice.delivery.api.ProblemKind#UNAUTHENTICATED} if the identity is not
     * @throws IOException if the service cannot be reached, or the identity's signer does not sign
     */
    public void unregister(Identity identity, ClientId client) throws DeliveryException, IOException {
        RequestId id = RequestId.random(Randomness.system());
        Bytes consent;
        try {
            consent = ConsentStatement.toUnregister(identity.client(), id, client)
                    .sign(identity.crypto(), identity.signer());
        } catch (CryptoException e) {
            throw new IOException("the signer did not sign that the client is to be removed", e);
        }
        try (DeliverySession session = connect(identity)) {
            session.unregister(id, client, consent);
        }
    }

    /**
     * The word of a client for a further device of its user, with which that one {@linkplain #register(Identity, Optional) registers}: good
     * once, for minutes, and for nobody else's key.
     *
     * @param identity who vouches, by the key with which it is registered
     * @param device who is vouched for
     * @param credential with which the device registers; {@link Identity#registered()}, if it is in this process
     * @throws IOException if the service cannot be reached, or the identity's signer does not sign
     */
    public Voucher voucher(Identity identity, ClientId device, RegisteredCredential credential)
            throws DeliveryException, IOException {
        Login login = new Login(transport, identity, clock);
        return new Voucher(
                identity.client(),
                login.consent(challenge ->
                        ConsentStatement.toRegistration(identity.client(), challenge, device, credential)));
    }

    /** The authentication service at the same URL; it has one only if its operator has switched it on. */
    public AuthorityService authority() {
        return new HttpAuthority(transport, clock);
    }

    @Override
    public DeliverySession connect(Identity identity) {
        return new HttpSession(transport, new Login(transport, identity, clock), identity.client(), events);
    }

    /** Ends idle connections and threads. Sessions are closed by those who opened them. */
    @Override
    public void close() {
        transport.client().dispatcher().executorService().shutdown();
        transport.client().connectionPool().evictAll();
    }

    /** Options. Not thread safe. */
    public static final class Builder {
        private final HttpUrl url;
        private final CertificatePinner.Builder pins = new CertificatePinner.Builder();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration answerTimeout = Duration.ofSeconds(30);
        private Events events = Events.STREAM_OR_POLL;
        private Clock clock = Clock.systemUTC();
        private ClientEnvironment.Sleeper sleeper = duration -> Thread.sleep(duration.toMillis());
        private boolean insecure;
        private SSLSocketFactory sockets;
        private X509TrustManager trust;

        private Builder(String url) {
            HttpUrl parsed = HttpUrl.parse(url.endsWith("/") ? url : url + "/");
            if (parsed == null || parsed.query() != null || parsed.fragment() != null) {
                throw new IllegalArgumentException("not the http or https URL of a service");
            }
            this.url = parsed;
        }

        /** Sets how long connecting, and then each step of an answer, may take; without it 10 and 30 seconds. */
        public Builder timeouts(Duration connect, Duration answer) {
            connectTimeout = Objects.requireNonNull(connect, "connect");
            answerTimeout = Objects.requireNonNull(answer, "answer");
            return this;
        }

        /** Sets how hints come. */
        public Builder events(Events value) {
            events = Objects.requireNonNull(value, "events");
            return this;
        }

        /** Sets clock and sleeper. */
        public Builder environment(ClientEnvironment environment) {
            clock = environment.clock();
            sleeper = environment.sleeper();
            return this;
        }

        /**
         * Trusts these authorities instead of the platform's: for a service whose certificate comes from an authority of its own, or
         * which made it itself.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Builder trust(List<X509Certificate> authorities) {
            try {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < authorities.size(); i++) {
                    store.setCertificateEntry("authority-" + i, authorities.get(i));
                }
                return trust(store);
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalArgumentException("these certificates cannot be trusted", e);
            }
        }

        /**
         * Trusts the certificates of a trust store instead of the platform's.
         *
         * @param authorities such as {@code KeyStore.getInstance(file, password)} opens
         * @throws IllegalArgumentException if it holds no trusted certificate, or is not loaded
         */
        public Builder trust(KeyStore authorities) {
            try {
                if (!holdsAuthority(authorities)) {
                    throw new IllegalArgumentException("no certificate to trust");
                }
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(authorities);
                X509TrustManager manager = Arrays.stream(factory.getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .map(X509TrustManager.class::cast)
                        .findFirst()
                        .orElseThrow();
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {manager}, null);
                return tls(context.getSocketFactory(), manager);
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("these certificates cannot be trusted", e);
            }
        }

        private static boolean holdsAuthority(KeyStore store) throws KeyStoreException {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)) {
                    return true;
                }
            }
            return false;
        }

        /** Sets TLS as a whole, for example with a client certificate. */
        public Builder tls(SSLSocketFactory factory, X509TrustManager manager) {
            sockets = Objects.requireNonNull(factory, "factory");
            trust = Objects.requireNonNull(manager, "manager");
            return this;
        }

        /**
         * Accepts only certificate chains that are trusted and hold one of the pinned keys: that of the service, or that of its authority.
         * Who pins keys has two of them, or cannot change the first.
         *
         * @param pin such as {@code sha256/AAAA...=}: the hash of a SubjectPublicKeyInfo in base64, which {@link HttpDelivery#pinOf} makes
         * @throws IllegalArgumentException if it is none, or the URL is http, where no key is shown
         */
        public Builder pin(String pin) {
            if (!url.isHttps()) {
                throw new IllegalArgumentException("only https shows a key that could be pinned");
            }
            pins.add(url.host(), pin);
            return this;
        }

        /** Allows http to other machines: for networks that are protected in another way. */
        public Builder allowHttp() {
            insecure = true;
            return this;
        }

        /** The service; throws {@link IllegalArgumentException} for http to another machine unless that was allowed. */
        public HttpDelivery build() {
            if (!url.isHttps() && !insecure && !isThisMachine(url.host())) {
                throw new IllegalArgumentException(
                        "http is for this machine only: use https, or allowHttp() where the network is protected");
            }
            return new HttpDelivery(this);
        }

        private static boolean isThisMachine(String host) {
            boolean literal = host.equals("localhost") || host.contains(":") || host.matches("[0-9.]+");
            try {
                // Never a look-up: a name other than localhost may point anywhere later.
                return literal && InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }

        private OkHttpClient client() {
            OkHttpClient.Builder out = new OkHttpClient.Builder()
                    .connectTimeout(connectTimeout)
                    .readTimeout(answerTimeout)
                    .writeTimeout(answerTimeout)
                    .followRedirects(false)
                    .certificatePinner(pins.build());
            if (sockets != null) {
                out.sslSocketFactory(sockets, trust);
            }
            return out.build();
        }
    }
}
