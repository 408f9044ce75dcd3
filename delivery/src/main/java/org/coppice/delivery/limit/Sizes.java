package org.coppice.delivery.limit;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;

/** The refusal of what is too large. */
public final class Sizes {
    private Sizes() {}

    /**
     * Checks a length.
     *
     * @throws DeliveryException {@link ProblemKind#TOO_LARGE} if {@code length} is more than {@code limit} bytes
     */
    public static void check(int length, int limit, String what) throws DeliveryException {
        if (length > limit) {
            throw Problem.of(ProblemKind.TOO_LARGE, what + " of more than " + limit + " bytes")
                    .asException();
        }
    }
}
