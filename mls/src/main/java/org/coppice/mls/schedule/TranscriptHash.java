package org.coppice.mls.schedule;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * The running hashes over all Commits of a group (RFC 9420 §8.2).
 *
 * <pre>
 *   confirmed[0] = ""            interim[0] = Hash("" ++ V(confirmation_tag[0]))
 *   confirmed[n] = Hash(interim[n-1] ++ ConfirmedTranscriptHashInput[n])
 *   interim[n]   = Hash(confirmed[n] ++ InterimTranscriptHashInput[n])
 * </pre>
 *
 * <p>§8.2 sets interim[0] to the empty string, §11 has the creator compute it; §11 is what implementations do.
 */
public final class TranscriptHash {
    /** confirmed_transcript_hash of epoch 0. */
    public static final Bytes INITIAL_CONFIRMED = Bytes.EMPTY;

    private TranscriptHash() {}

    /**
     * confirmed_transcript_hash of the epoch that a Commit starts.
     *
     * @param interimBefore interim_transcript_hash of the epoch that the Commit was sent in
     * @param confirmedInput the encoded ConfirmedTranscriptHashInput: wire_format, content and signature of the Commit
     */
    public static Bytes confirmed(Bytes interimBefore, Bytes confirmedInput, SuiteCrypto crypto) {
        TlsWriter out = new TlsWriter(interimBefore.length() + confirmedInput.length());
        return crypto.hash(out.raw(interimBefore).raw(confirmedInput));
    }

    /**
     * interim_transcript_hash of an epoch.
     *
     * @param confirmed confirmed_transcript_hash of the epoch
     * @param confirmationTag that of the Commit which started the epoch, or of the GroupInfo
     */
    public static Bytes interim(Bytes confirmed, Bytes confirmationTag, SuiteCrypto crypto) {
        // struct { MAC confirmation_tag; } InterimTranscriptHashInput, where MAC is opaque<V>
        TlsWriter out = new TlsWriter(confirmed.length() + confirmationTag.length() + 4);
        return crypto.hash(out.raw(confirmed).vector(confirmationTag));
    }
}
