package org.coppice.client.engine;

import java.io.IOException;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;

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

    /** The service goes in circles: what it answers leads nowhere, now; it is asked again when the next call comes. */
    static DeliveryException noProgress(String text) {
        return Problem.of(ProblemKind.UNAVAILABLE, text).asException();
    }

    /** Whether nothing else that is asked of the service now would go better; else it is the one request that failed. */
    static boolean isOfAll(Exception e) {
        return e instanceof DeliveryException refusal
                ? refusal.kind() == ProblemKind.UNAUTHENTICATED
                : !(e.getCause() instanceof CryptoException);
    }

    /** Why a wish waits after the service did not answer, or put it off. */
    static Receipt.Problem waiting(Exception e) {
        boolean signer = e.getCause() instanceof CryptoException;
        Receipt.Kind kind = signer
                ? Receipt.Kind.SIGNER_AWAY
                : e instanceof DeliveryException ? Receipt.Kind.PUT_OFF : Receipt.Kind.UNREACHABLE;
        return new Receipt.Problem(kind, String.valueOf(e.getMessage()));
    }

    /**
     * Throws {@link IOException} if it was the keeper of a signature key who did not do its part, as a card that is out of its reader:
     * that is no verdict on what was to be signed, and all is kept for later.
     */
    static void orSignerIsAway(MlsException e) throws IOException {
        if (e instanceof CryptoException crypto && crypto.reason() == CryptoException.Reason.SIGNER_FAILED) {
            throw new IOException("the signer did not sign: " + e.getMessage(), e);
        }
    }
}
