package org.coppice.delivery.http;

import java.util.List;
import java.util.Set;

/**
 * A method of a resource, and what is checked before its endpoint is asked.
 *
 * @param method the HTTP method
 * @param path the template, such as {@code /v1/groups/{gid}/log}; also the route's name in metrics
 * @param needs what a request must come with
 * @param body what body it takes
 * @param query the names of the query's parameters; others are refused
 * @param endpoint who answers
 */
record Route(String method, String path, Set<Need> needs, Body body, List<String> query, Endpoint endpoint) {
    /** What a request must come with. */
    enum Need {
        /** A bearer token that opens a session. */
        TOKEN,
        /** A {@code Request-Id}. */
        REQUEST_ID
    }

    /**
     * A body.
     *
     * @param type its media type; empty for none
     * @param max how many bytes at most
     */
    record Body(String type, int max) {
        static final Body NONE = new Body("", 0);

        boolean isPresent() {
            return !type.isEmpty();
        }
    }

    static Route open(String method, String path, Body body, Endpoint.Now endpoint) {
        return new Route(method, path, Set.of(), body, List.of(), endpoint);
    }

    /** A read of a logged-in client. */
    static Route read(String path, List<String> query, Endpoint.Now endpoint) {
        return new Route("GET", path, Set.of(Need.TOKEN), Body.NONE, query, endpoint);
    }

    /** A write of a logged-in client, done once for each request id. */
    static Route write(String method, String path, Body body, Endpoint.Now endpoint) {
        return new Route(method, path, Set.of(Need.TOKEN, Need.REQUEST_ID), body, List.of(), endpoint);
    }
}
