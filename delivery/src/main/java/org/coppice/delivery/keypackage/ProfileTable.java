package org.coppice.delivery.keypackage;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;

/**
 * The rows of profiles. Most clients share a few of them, so a publication must not lock the row of its profile: all others would wait.
 * Instead the row says when it was last used, to the hour, and only what was not used for {@link #KEPT} is deleted. A publication that
 * finds it used lately need do nothing, since nobody is about to delete it; one that does not writes the time, and thereby has who deletes
 * wait and look again, or finds it gone.
 */
public final class ProfileTable {
    /** How long a profile that no key package has is kept: far longer than the hour, than clocks differ, and than a publication takes. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final Duration EXACTNESS = Duration.ofHours(1);
    /** How often others may have got in between; each time one of them has stored or deleted the row. */
    private static final int MAX_TRIES = 100;

    private ProfileTable() {}

    /** Has the profile of {@code offer} stored when the transaction ends, and kept beyond that. */
    static void add(Transaction tx, Offer offer, long now) throws SQLException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Optional<Long> used = tx.first(
                    "SELECT used FROM key_package_profile WHERE profile = ?", row -> row.int64(1), offer.profile());
            boolean done = used.isEmpty()
                    ? insert(tx, offer, now)
                    : used.get() >= now - EXACTNESS.toMillis() || touch(tx, offer.profile(), used.get(), now);
            if (done) {
                return;
            }
        }
        throw new IllegalStateException("a profile is stored and deleted again and again");
    }

    private static boolean insert(Transaction tx, Offer offer, long now) throws SQLException {
        return tx.update(
                        "INSERT INTO key_package_profile (profile, capabilities, credential_type, used) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (profile) DO NOTHING",
                        offer.profile(),
                        Bytes.wrap(offer.keyPackage().leafNode().capabilities().encoded()),
                        offer.keyPackage().leafNode().credentialType().value(),
                        now)
                == 1;
    }

    private static boolean touch(Transaction tx, Bytes profile, long seen, long now) throws SQLException {
        return tx.update("UPDATE key_package_profile SET used = ? WHERE profile = ? AND used = ?", now, profile, seen)
                == 1;
    }

    /** Lets those begin to count that a node of an older release has stored, which knows no times. */
    public static void begin(Transaction tx, long now) throws SQLException {
        tx.update("UPDATE key_package_profile SET used = ? WHERE used = 0", now);
    }

    /** Deletes at most {@code limit} profiles that no key package has had for long; returns how many. */
    public static int prune(Transaction tx, long now, int limit) throws SQLException {
        long bound = now - KEPT.toMillis();
        // The last condition is looked at again after waiting for a publication that has just used the profile.
        return tx.update(
                "DELETE FROM key_package_profile WHERE profile IN (SELECT p.profile FROM key_package_profile p WHERE"
                        + " p.used <= ? AND NOT EXISTS (SELECT 1 FROM key_package k WHERE k.profile = p.profile) LIMIT ?)"
                        + " AND used <= ?",
                bound,
                limit,
                bound);
    }
}
