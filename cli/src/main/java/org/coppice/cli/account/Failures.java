package org.coppice.cli.account;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Texts;
import org.coppice.client.http.UntrustedServiceException;
import org.coppice.client.http.UntrustedServiceException.Reason;
import org.coppice.client.model.Identity;
import org.coppice.client.store.StoreException;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;

/** What stores and servers report, in the words of a user. */
public final class Failures {
    private Failures() {}

    /** What kept an account from reading what is new. */
    public static CommandFailure of(Exception e, String server, ClientId account) {
        if (e instanceof StoreException store) {
            return of(store, account);
        }
        if (e instanceof DeliveryException refusal) {
            return of(refusal, server);
        }
        return e instanceof IOException lost
                ? unreachable(server, lost)
                : CommandFailure.check("a bug: " + e, "please report it");
    }

    /** A store that cannot be opened or used. */
    public static CommandFailure of(StoreException e, ClientId account) {
        return switch (e.reason()) {
            case IN_USE ->
                CommandFailure.later(
                        account + " is in use by another coppice",
                        "end that one first, maybe a chat; in a chat, /help lists what can be done there");
            case WRONG_KEY -> CommandFailure.input("this does not open the keys of " + account, "check the passphrase");
            case TOO_COSTLY ->
                CommandFailure.input(
                        "the store of " + account + " was not made by coppice, or was altered: " + e.getMessage(),
                        "do not trust this file");
            case DAMAGED ->
                CommandFailure.input(
                        "the store of " + account + " is damaged: " + e.getMessage(),
                        "without a copy of it: a new device, and an invitation from a member");
            case UNKNOWN_VERSION ->
                CommandFailure.input(
                        "the store of " + account + " was written by a later release", "use that, or a later one");
            case FAILED ->
                CommandFailure.input(
                        "the store of " + account + " cannot be used: "
                                + Optional.ofNullable(e.getCause())
                                        .map(Throwable::getMessage)
                                        .orElse(e.getMessage()),
                        "check space and permissions of its directory");
        };
    }

    /** A server that cannot be reached, or whose answer was lost. */
    public static CommandFailure unreachable(String server, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UntrustedServiceException untrusted) {
                return CommandFailure.unreachable(
                        "cannot trust " + server + ": " + reason(untrusted.reason()), advice(untrusted.reason()));
            }
            if (cause instanceof CertificateException) {
                return CommandFailure.unreachable(
                        "cannot trust " + server + ": " + reason(e), advice(Reason.UNKNOWN_AUTHORITY));
            }
        }
        // Without a cause: there was an answer.
        if (e instanceof OutcomeUnknownException && e.getCause() == null) {
            return strangeAnswer(server, e.getMessage());
        }
        if (server.startsWith("http:") && speaksTls(e)) {
            return CommandFailure.unreachable(
                    "cannot reach " + server + ": it speaks TLS", "use https" + server.substring("http".length()));
        }
        if (server.startsWith("https:") && speaksInClear(e)) {
            return CommandFailure.unreachable(
                    "cannot reach " + server + ": it does not speak TLS",
                    "on this machine alone: http" + server.substring("https".length()));
        }
        return CommandFailure.unreachable(
                "cannot reach " + server + ": " + reason(e), "is it running? coppice serve starts one");
    }

    /** Something answers, and not as a server does that is well. */
    static CommandFailure strangeAnswer(String server, String what) {
        return CommandFailure.unreachable(
                server + " answers, but not as a delivery service does: " + what,
                "is the URL right? a proxy may answer for a server that is away; one with a fault tells it in its log");
    }

    /** Whether the answer to plain HTTP is an alert of TLS, which HTTP clients quote, as they are or in hexadecimal. */
    private static boolean speaksTls(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("\u0015\u0003") || text.contains("content=1503")) {
                return true;
            }
        }
        return false;
    }

    /** Whether an answer came where TLS was expected, and was something else, in the words of the JDK's TLS. */
    private static boolean speaksInClear(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof SSLException
                    && (text.contains("unrecognized SSL message") || text.contains("plaintext connection"))) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Reason reason) {
        return switch (reason) {
            case UNKNOWN_AUTHORITY -> "its certificate comes from an authority that is not trusted here";
            case WRONG_HOST -> "its certificate names other hosts";
            case EXPIRED -> "its certificate has expired";
            case NOT_YET_VALID -> "its certificate is not valid yet";
            case OTHER_KEY, REFUSED -> "its certificate is refused";
        };
    }

    private static String advice(Reason reason) {
        return switch (reason) {
            case UNKNOWN_AUTHORITY ->
                "if it has an authority of its own: coppice account new --trust FILE, or " + AccountPlace.TRUST
                        + " in the directory of an account that is there";
            case WRONG_HOST -> "use a URL with a name that its certificate has";
            case EXPIRED -> "its operator has to renew it, unless the clock here is wrong";
            case NOT_YET_VALID -> "check the clock here";
            case OTHER_KEY, REFUSED -> "ask its operator";
        };
    }

    /** Why something could not be reached, in words. */
    public static String reason(IOException e) {
        if (e instanceof UntrustedServiceException untrusted) {
            return reason(untrusted.reason());
        }
        String text = e instanceof ConnectException ? "connection refused" : "no answer";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "no such host";
            }
            if (cause instanceof SocketTimeoutException) {
                // Beneath it is what ended the wait, which is of this side.
                return "no answer in time";
            }
            text = cause.getMessage() == null ? text : cause.getMessage();
        }
        return Texts.oneLine(text.lines().findFirst().orElse(""));
    }

    /** A server that says no. */
    public static CommandFailure of(DeliveryException e, String server) {
        Problem problem = e.problem();
        return switch (problem.kind()) {
            case OVER_LIMIT, UNAVAILABLE, OUT_OF_STORAGE ->
                CommandFailure.later(
                        server + " cannot do it now: " + problem.detail(),
                        problem.retryAfter()
                                .map(pause -> "try again in " + Math.max(1, pause.toSeconds()) + " s")
                                .orElse("try again later"));
            case UNAUTHENTICATED ->
                problem.rule().equals(Optional.of(Identity.KEY_LOST))
                        ? CommandFailure.check(
                                server + " knows this account by a newer key, which its store has lost",
                                "come back as a new device (coppice account new --device NAME), or with a new certificate"
                                        + " (--code), and let a member invite you")
                        : CommandFailure.check(
                                server + " does not know this account",
                                "was its data lost, or is this another server? coppice account list shows who is registered where");
            default ->
                CommandFailure.check(
                        "refused by " + server + ": " + problem.detail(),
                        problem.rule().map(rule -> "the rule is " + rule).orElse(""));
        };
    }
}
