package org.coppice.cli.demo;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.GroupEndedException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;

/** What the people of the demo say, and why they cannot read what is not for them. */
final class Messages {
    private static final List<String> TEXTS = List.of(
            "The hazel is ready to cut.",
            "Who has the billhook?",
            "I left it at the gate.",
            "Cut low, and slant the stools.",
            "Bluebells by the north ride.",
            "Stack the poles by the oak.",
            "Deer have been at the ash.",
            "I bring bread and cider.",
            "Seven years since the last cut.",
            "New shoots already!",
            "Mind the wren's nest.",
            "Frost tonight, so be quick.");

    private Messages() {}

    /** The text of a number; the same again after all were said. */
    static String text(int number) {
        return TEXTS.get(number % TEXTS.size());
    }

    static boolean isApplication(Bytes message) {
        try {
            return MlsMessage.decode(message, DecodeLimits.DEFAULT).body() instanceof PrivateMessage body
                    && body.contentType() == ContentType.APPLICATION;
        } catch (DecodeException e) {
            return false;
        }
    }

    /** Why a message could not be read, for people. */
    static String reason(MlsException e) {
        if (e instanceof FutureEpochException) {
            return "it is of an epoch whose secrets it cannot compute";
        }
        if (e instanceof StaleEpochException) {
            return "there are no keys of that epoch";
        }
        if (e instanceof DuplicateMessageException) {
            return "its key was used once, and then it was gone";
        }
        if (e instanceof GroupEndedException) {
            return "all secrets of the group were wiped";
        }
        if (e instanceof UnknownGroupException) {
            return "it is of another group";
        }
        if (e instanceof CryptoException) {
            return "no key fits";
        }
        return e instanceof ValidationException invalid ? invalid.rule().description() : e.getMessage();
    }
}
