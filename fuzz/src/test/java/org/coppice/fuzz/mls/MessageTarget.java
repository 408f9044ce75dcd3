package org.coppice.fuzz.mls;

import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Target;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;

/** An {@code MLSMessage} as it comes from the network, at a member of a live group and at an observer of it. */
public final class MessageTarget implements Target {
    private final Listener listener;

    public MessageTarget() throws MlsException {
        listener = new Listener(new World());
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
        return listener.hear(message);
    }
}
