package org.coppice.cli.conversation;

import java.util.stream.Collectors;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Texts;
import org.coppice.client.model.Receipt;

/** What a command makes of a receipt. */
public final class Settle {
    private Settle() {}

    /** Returns if it is done; fails if it was refused, or has to wait. */
    public static void orFail(Receipt receipt) {
        switch (receipt.state()) {
            case DONE -> {}
            case WAITING ->
                throw CommandFailure.later(
                        "not done yet: " + why(receipt),
                        "it is kept, and goes on with the next command or chat, when server and others are there");
            case REFUSED ->
                throw CommandFailure.check(
                        "refused: "
                                + Texts.oneLine(receipt.problem()
                                        .map(Receipt.Problem::text)
                                        .orElse("no reason given")),
                        without(receipt));
        }
    }

    /** Why something waits, in words. */
    public static String why(Receipt receipt) {
        return receipt.problem()
                .map(problem -> problem.kind() == Receipt.Kind.UNREACHABLE
                        ? "the server cannot be reached"
                        : Texts.oneLine(problem.text()))
                .orElse("waits for others");
    }

    /** Who could not be invited, in words; empty if nobody is left out. */
    public static String without(Receipt receipt) {
        return receipt.without().isEmpty()
                ? ""
                : "not reached: "
                        + receipt.without().stream().map(Object::toString).collect(Collectors.joining(", "))
                        + "; they have no key packages left until they are next online, or the server could not bring them the"
                        + " invitation: if they are members, remove them and invite them again";
    }
}
