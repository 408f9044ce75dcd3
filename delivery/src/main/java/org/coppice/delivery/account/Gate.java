package org.coppice.delivery.account;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.limit.RateLimiter;

/**
 * Lets in who shows a token, and looks at no more tokens that come from where too many made-up ones came from: each costs the database a
 * look. Tokens that were good at this node are looked at all the same, as somebody honest may share an address with who tries. Thread
 * safe.
 */
public final class Gate {
    private static final int REMEMBERED = 100_000;

    private final Accounts accounts;
    private final RateLimiter<String> failures;
    private final Map<String, Boolean> good = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param failures counts tokens that stood for nobody, by where they came from */
    public Gate(Accounts accounts, RateLimiter<String> failures) {
        this.accounts = accounts;
        this.failures = failures;
    }

    /**
     * Who a token stands for.
     *
     * @param origin where it comes from, as well as the front can tell
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if it stands for nobody, or no longer;
     *     {@link ProblemKind#OVER_LIMIT} if too many of those came from there, and this one was never good here
     */
    public Login authenticate(String token, String origin) throws DeliveryException, IOException {
        if (!wasGood(token)) {
            failures.requireRoom(origin);
        }
        try {
            Login login = accounts.authenticate(token);
            remember(token);
            return login;
        } catch (DeliveryException e) {
            if (e.kind() == ProblemKind.UNAUTHENTICATED) {
                forget(token);
                failures.take(origin, 1);
            }
            throw e;
        }
    }

    private boolean wasGood(String token) {
        synchronized (good) {
            return good.get(token) != null;
        }
    }

    private void remember(String token) {
        synchronized (good) {
            good.put(token, true);
        }
    }

    private void forget(String token) {
        synchronized (good) {
            good.remove(token);
        }
    }
}
