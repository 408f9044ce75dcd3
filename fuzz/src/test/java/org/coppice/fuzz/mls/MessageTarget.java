package org.coppice.fuzz.mls;

import java.util.Set;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Target;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;

/**
 * An {@code MLSMessage} as it comes from the network, at a member of a live group and at an observer of it.
 *
 * <p>Who writes it holds no key. So nothing is accepted but the genuine messages, byte for byte: in suite 1 no part of them can be
 * changed and stay valid. (With ECDSA, whose signatures have a second form, a message of somebody who is no member could; those of members
 * have a membership tag over the signature.)
 */
public final class MessageTarget implements Target {
    private final Listener listener;
    private final Set<Bytes> genuine;

    public MessageTarget() throws MlsException {
        listener = new Listener(new World());
        genuine = Seeds.good(Targets.MESSAGE);
    }

    @Override
    public Allowance allowance() {
        return Bounds.LIVE_GROUP;
    }

    @Override
    public Outcome run(byte[] input) throws MlsException {
        MlsMessage message;
        try {
            message = MlsMessage.decode(input);
        } catch (DecodeException e) {
            return Outcome.REFUSED;
        }
        Outcome outcome = listener.hear(message);
        if (outcome == Outcome.ACCEPTED && !genuine.contains(Bytes.copyOf(input))) {
            throw new Escape("a message was taken that nobody wrote");
        }
        return outcome;
    }
}
