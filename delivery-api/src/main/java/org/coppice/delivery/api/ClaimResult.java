package org.coppice.delivery.api;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/**
 * The key packages that a claim got. The claimant checks them as if the service were not to be trusted (RFC 9750 §5.1).
 *
 * @param claimed one for each client that had a fitting one
 * @param without the clients that had none
 */
public record ClaimResult(List<Claimed> claimed, List<ClientId> without) implements Encodable {
    /** Copies the lists. */
    public ClaimResult {
        claimed = List.copyOf(claimed);
        without = List.copyOf(without);
    }

    /**
     * One client's key package, given to nobody else unless it is a last resort.
     *
     * @param client whose
     * @param keyPackage the key package
     * @param lastResort whether the client allows it to be used more than once
     */
    public record Claimed(ClientId client, MlsMessage keyPackage, boolean lastResort) implements Encodable {
        /** Checks that nothing is missing. */
        public Claimed {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(keyPackage, "keyPackage");
        }

        /** Reads what {@link #encodeTo} wrote. */
        public static Claimed decode(TlsReader in) throws DecodeException {
            return new Claimed(ClientId.decode(in), Nested.message(in), in.present());
        }

        @Override
        public void encodeTo(TlsWriter out) {
            Nested.write(out.struct(client), keyPackage).uint8(lastResort ? 1 : 0);
        }
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static ClaimResult decode(TlsReader in) throws DecodeException {
        return new ClaimResult(in.list(Claimed::decode), in.list(ClientId::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(claimed).list(without);
    }
}
