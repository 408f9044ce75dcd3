package org.coppice.delivery.account;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.CryptoException;

/** Whether a client has agreed to what changes who it is: with any key by which it could log in, as all of them are the client. */
final class Consents {
    private final Engine engine;
    private final Environment environment;
    private final Challenges challenges;

    Consents(Engine engine, Environment environment, Challenges challenges) {
        this.engine = engine;
        this.environment = environment;
        this.challenges = challenges;
    }

    /** The credential in force whose key has signed; looked for before the transaction, which {@link #requireStill} looks again in. */
    RegisteredCredential require(ConsentStatement statement, Bytes signature) throws DeliveryException, IOException {
        ClientId client = statement.client();
        List<RegisteredCredential> held = engine.read(tx -> {
            requireClient(tx, client);
            return ClientTable.credentials(tx, client);
        });
        if (held.isEmpty()) {
            throw Problem.of(ProblemKind.NOT_ALLOWED, "the client was shut out, and has to register anew")
                    .asException();
        }
        return signer(held, statement, signature);
    }

    /**
     * The same for what is agreed to at this moment. Why it is refused is not told: strangers may ask.
     *
     * @param consent whose challenge is in the statement
     */
    Agreement requireNow(ConsentStatement statement, Consent consent) throws DeliveryException, IOException {
        if (!challenges.isGenuine(consent.challenge())) {
            throw ServiceRule.CONSENT.refusal();
        }
        ClientId client = statement.client();
        List<RegisteredCredential> held = engine.read(tx -> ClientTable.credentials(tx, client));
        RegisteredCredential by = signer(held, statement, consent.signature());
        return new Agreement(client, by, consent.challenge(), challenges);
    }

    private RegisteredCredential signer(List<RegisteredCredential> held, ConsentStatement statement, Bytes signature)
            throws DeliveryException {
        for (RegisteredCredential credential : held) {
            try {
                if (statement.verify(
                        environment.crypto(credential.cipherSuite()), credential.signatureKey(), signature)) {
                    return credential;
                }
            } catch (CryptoException e) {
                throw Refusals.of(e);
            }
        }
        throw ServiceRule.CONSENT.refusal();
    }

    private static void requireClient(Transaction tx, ClientId client) throws SQLException, DeliveryException {
        if (!ClientTable.exists(tx, client)) {
            throw Problem.of(ProblemKind.UNKNOWN_CLIENT, "the client is not registered")
                    .asException();
        }
    }

    /** Who agreed may have been replaced since; the caller holds the client's row. */
    static void requireStill(Transaction tx, ClientId client, RegisteredCredential agreed)
            throws SQLException, DeliveryException {
        boolean still = ClientTable.credentials(tx, client).stream()
                .anyMatch(held -> held.cipherSuite().equals(agreed.cipherSuite())
                        && held.signatureKey().equals(agreed.signatureKey()));
        if (!still) {
            throw ServiceRule.CONSENT.refusal();
        }
    }
}
