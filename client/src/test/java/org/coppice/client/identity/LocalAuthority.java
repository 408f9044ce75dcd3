package org.coppice.client.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Optional;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.ca.Authority;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.ca.RevocationReason;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.SqliteEngine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.SetClock;

/** The authority itself in this process, with a clock that is moved by hand. */
final class LocalAuthority implements AuthorityService, AutoCloseable {
    final SetClock clock = new SetClock();
    final Authority authority;
    private final Engine engine;

    LocalAuthority(Path directory) throws Exception {
        engine = SqliteEngine.open(directory);
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .clock(clock)
                .build();
        authority = new Authority(engine, environment, AuthorityConfig.of(IssuerKey.openOrCreate(directory, clock)));
    }

    String code(ClientId client) throws Exception {
        return authority.makeCode(client.user(), Optional.of(client.device())).code();
    }

    Anchor trusted() {
        return Anchor.of(anchor());
    }

    @Override
    public Bytes anchor() {
        try {
            return Bytes.wrap(authority.anchor().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Bytes revocationList() throws DeliveryException, IOException {
        return authority.revocationList();
    }

    @Override
    public List<Bytes> enrolByCode(Bytes request, String code) throws DeliveryException, IOException {
        return authority.enrolByCode(request, code).certificates();
    }

    @Override
    public List<Bytes> enrolByToken(Bytes request, String token) throws DeliveryException, IOException {
        return authority.enrolByToken(request, token).certificates();
    }

    @Override
    public List<Bytes> renew(Identity identity, Bytes request) throws DeliveryException, IOException {
        try {
            Bytes consent =
                    ConsentStatement.toRenewal(identity.client(), request).sign(identity.crypto(), identity.signer());
            return authority.renew(identity.client(), request, consent).certificates();
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String makeCode(Identity identity, Optional<String> device) throws DeliveryException, IOException {
        return authority.makeCode(identity.client(), device, tx -> {}).code();
    }

    @Override
    public int revoke(Identity identity, ClientId device, boolean compromised) throws DeliveryException, IOException {
        return authority.revokeOwn(
                identity.client(),
                device,
                compromised ? RevocationReason.KEY_COMPROMISE : RevocationReason.CESSATION_OF_OPERATION,
                tx -> {});
    }

    @Override
    public void close() {
        engine.close();
    }
}
