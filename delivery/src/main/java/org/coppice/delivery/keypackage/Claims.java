package org.coppice.delivery.keypackage;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.tree.Capabilities;

/**
 * Takes key packages so that no two claims get the same one: the row is deleted by the statement that finds it. What a claimant can use
 * is decided by profile, of which a client has one or two, so that the statement needs to look at one row only.
 *
 * <p>On PostgreSQL the statement passes over rows that other claims are taking, because to wait for them would be in vain. When it finds
 * none it waits for those once: one of the others may be undone, and the last resort is not touched before that is clear.
 */
final class Claims {
    private final Clock clock;

    Claims(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    private record Profile(Bytes hash, Bytes capabilities, int credentialType) {}

    Optional<ClaimResult.Claimed> claim(Transaction tx, ClientId client, ClaimRequest request) throws SQLException {
        List<Bytes> usable = tx
                .list(
                        "SELECT profile, capabilities, credential_type FROM key_package_profile WHERE profile IN (SELECT"
                                + " profile FROM key_package WHERE client = ? AND cipher_suite = ?) ORDER BY profile",
                        row -> new Profile(row.bytes(1), row.bytes(2), row.int32(3)),
                        client.toString(),
                        request.cipherSuite().value())
                .stream()
                .filter(profile -> isUsable(profile, request))
                .map(Profile::hash)
                .toList();
        for (String lock : List.of(tx.dialect().skipLocked(), tx.dialect().forUpdate())) {
            for (Bytes profile : usable) {
                Optional<ClaimResult.Claimed> claimed = takeOrdinary(tx, client, request, profile, lock);
                if (claimed.isPresent()) {
                    return claimed;
                }
            }
        }
        for (Bytes profile : usable) {
            Optional<ClaimResult.Claimed> claimed = takeLastResort(tx, client, request, profile);
            if (claimed.isPresent()) {
                return claimed;
            }
        }
        return Optional.empty();
    }

    private static boolean isUsable(Profile profile, ClaimRequest request) {
        boolean understood = request.understood().isEmpty()
                || request.understood().contains(new CredentialType(profile.credentialType()));
        return understood && capabilities(profile.capabilities()).satisfies(request.required());
    }

    private static Capabilities capabilities(Bytes stored) {
        Decoder<Capabilities> decoder = Capabilities::decode;
        try {
            return decoder.decodeAll(stored, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored profile is damaged", e);
        }
    }

    /** The one that expires first. */
    private Optional<ClaimResult.Claimed> takeOrdinary(
            Transaction tx, ClientId client, ClaimRequest request, Bytes profile, String lock) throws SQLException {
        long now = clock.millis();
        return tx.first(
                "DELETE FROM key_package WHERE ref = (SELECT ref FROM key_package WHERE client = ? AND cipher_suite = ?"
                        + " AND last_resort = 0 AND profile = ? AND not_before <= ? AND not_after > ?"
                        + " ORDER BY not_after, ref LIMIT 1" + lock + ") RETURNING message",
                row -> new ClaimResult.Claimed(client, message(row.bytes(1)), false),
                client.toString(),
                request.cipherSuite().value(),
                profile,
                now,
                now);
    }

    private Optional<ClaimResult.Claimed> takeLastResort(
            Transaction tx, ClientId client, ClaimRequest request, Bytes profile) throws SQLException {
        return tx.first(
                "UPDATE key_package SET uses = uses + 1 WHERE client = ? AND cipher_suite = ? AND last_resort = 1"
                        + " AND profile = ? AND not_after > ? RETURNING message",
                row -> new ClaimResult.Claimed(client, message(row.bytes(1)), true),
                client.toString(),
                request.cipherSuite().value(),
                profile,
                clock.millis());
    }

    private static MlsMessage message(Bytes stored) {
        try {
            return MlsMessage.decode(stored, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new IllegalStateException("a stored key package is damaged", e);
        }
    }
}
