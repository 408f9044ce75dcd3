package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.schedule.PskInput;
import org.coppice.mls.schedule.PskSecret;

/** Finds the pre-shared keys that a Commit or Welcome names (RFC 9420 §8.4): the group's own first, then the application's. */
final class PskLookup {
    private final PskSource source;
    private final Bytes groupId;
    private final ResumptionPsks own;

    /**
     * @param groupId the group whose past epochs {@code own} holds, or null
     * @param own the group's own, or null
     */
    PskLookup(PskSource source, Bytes groupId, ResumptionPsks own) {
        this.source = source;
        this.groupId = groupId;
        this.own = own;
    }

    /** A lookup for a client that is in no group yet. */
    static PskLookup outside(PskSource source) {
        return new PskLookup(source, null, null);
    }

    /** The psk_secret of these keys in their order; the caller's to close. */
    PskSecret secretOf(List<PreSharedKeyId> ids, SuiteCrypto crypto) throws ValidationException {
        if (ids.isEmpty()) {
            return PskSecret.none(crypto);
        }
        List<PskInput> inputs = new ArrayList<>();
        try {
            for (PreSharedKeyId id : ids) {
                Secret psk = find(id).orElseThrow(() -> new ValidationException(Rule.PSK_UNKNOWN));
                inputs.add(new PskInput(SuiteCrypto.encode(id), psk));
            }
            return PskSecret.of(inputs, crypto);
        } finally {
            inputs.forEach(input -> input.psk().close());
        }
    }

    /** Whether a pre-shared key is at hand. */
    boolean has(PreSharedKeyId id) {
        Optional<Secret> found = find(id);
        found.ifPresent(Secret::close);
        return found.isPresent();
    }

    private Optional<Secret> find(PreSharedKeyId id) {
        if (id instanceof PreSharedKeyId.External external) {
            return source.externalPsk(external.pskId());
        }
        if (id instanceof PreSharedKeyId.Resumption resumption) {
            if (own != null && resumption.pskGroupId().equals(groupId)) {
                Optional<Secret> found = own.get(resumption.pskEpoch());
                if (found.isPresent()) {
                    return found;
                }
            }
            return source.resumptionPsk(resumption.pskGroupId(), resumption.pskEpoch());
        }
        throw new AssertionError("all arms of PreSharedKeyId are handled");
    }
}
