package org.coppice.fuzz.service;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.coppice.client.model.Identity;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.SeededRandomness;

/** Clients of a delivery service whose keys follow from their names, at a time that stands: the same in every JVM. */
final class Town {
    static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC);
    static final Bytes GROUP_ID = Bytes.wrap("group".getBytes(StandardCharsets.US_ASCII));

    /** Whose token requests bring. */
    static final ClientId ALICE = ClientId.parse("alice/laptop");

    private Town() {}

    /** A client of MLS. */
    static MlsClient client(String name) throws MlsException {
        Environment environment = Environment.builder()
                .provider(CryptoProviders.of(new BouncyCastleCryptoProvider()))
                .randomness(new SeededRandomness("town " + name))
                .clock(CLOCK)
                .validator(CredentialValidator.acceptAll())
                .store(new InMemoryStateStore())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build())
                .build();
        return MlsClient.create(environment, SUITE, ClientId.parse(name).basicCredential());
    }

    /** The same client as the service knows it. */
    static Identity identity(MlsClient client, String name) {
        return Identity.of(client.crypto(), ClientId.parse(name), client.credential(), client.signer());
    }
}
