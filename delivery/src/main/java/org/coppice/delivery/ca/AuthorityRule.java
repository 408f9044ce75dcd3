package org.coppice.delivery.ca;

import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;

/** Why the authority issues no certificate: by these names {@link org.coppice.delivery.api.ProblemKind#REFUSED} says it. */
public enum AuthorityRule {
    /** The request is not a PKCS #10 request in DER. */
    REQUEST_MALFORMED("the request is not a certification request (PKCS #10) in DER"),
    /** The key is of no signature algorithm of the seven suites, or not a valid one. */
    REQUEST_KEY("the key is not one of Ed25519, Ed448, P-256, P-384 or P-521"),
    /** The request is not signed with the key that it is for. */
    REQUEST_PROOF("the request is not signed with its own key by the algorithm that MLS has for it"),
    /** The request does not ask for exactly one name, a {@code coppice:} URI. */
    REQUEST_NAMES("the request asks for other names than one coppice: URI"),
    /** The request names a client that this code, token or login cannot have a certificate for. */
    WRONG_SUBJECT("the request names a client that the asker may not speak for"),
    /** There is no such code; or there have been too many wrong attempts at it. */
    CODE_UNKNOWN("there is no such code, or it was mistyped too often"),
    /** The code's time is over. */
    CODE_EXPIRED("the code has expired"),
    /** The code was used, with another key. */
    CODE_USED("the code has been used"),
    /** The service takes no tokens. */
    TOKENS_NOT_TAKEN("no OpenID provider is configured"),
    /** The token is not a valid ID token of the configured provider for this service. */
    TOKEN_INVALID("the token is not a valid ID token of the configured provider for this service"),
    /** The token has no claim that can be a user's name here. */
    TOKEN_WITHOUT_USER("the token names no user in the configured claim"),
    /** The token was used, with another key. */
    TOKEN_USED("the token has been used for another key"),
    /** The renewal is not signed with the key of a valid certificate of the client as well. */
    RENEWAL_CONSENT("no key of a valid certificate of the client has signed that it agrees"),
    /** The client has a certificate for another key that is still valid. */
    CLIENT_ENROLLED("the client has a valid certificate: renew it, or revoke it first"),
    /** The client has no valid certificate. */
    CLIENT_NOT_ENROLLED("the client has no valid certificate"),
    /** The user has as many devices as a user may have. */
    DEVICE_LIMIT("the user has certificates for as many devices as a user may have"),
    /** The key belongs to another client. */
    KEY_TAKEN("the key is certified for another client"),
    /** A certificate for this key was revoked. */
    KEY_REVOKED("a certificate for this key was revoked");

    private final String description;

    AuthorityRule(String description) {
        this.description = description;
    }

    /** The refusal by this rule. */
    public DeliveryException refusal() {
        return Problem.refused(name(), description).asException();
    }
}
