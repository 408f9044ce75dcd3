package org.coppice.client.engine;

import org.coppice.delivery.api.DeliveryException;

/** Which answers of the service settle a request, and which only put it off. */
final class Problems {
    private Problems() {}

    /** Whether the very same request may have another answer later. */
    static boolean isTemporary(DeliveryException e) {
        return switch (e.kind()) {
            case UNAUTHENTICATED, OVER_LIMIT, OUT_OF_STORAGE, UNAVAILABLE -> true;
            default -> false;
        };
    }
}
