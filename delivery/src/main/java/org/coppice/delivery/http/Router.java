package org.coppice.delivery.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the route of a request. Paths are compared as they were sent: nothing in them ever needs an escape, so an escape, an empty
 * segment, {@code .} or {@code ..} matches nothing.
 */
final class Router {
    private final List<Route> routes;
    private final List<String[]> templates = new ArrayList<>();

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
        for (Route route : routes) {
            templates.add(segments(route.path()));
        }
    }

    /** What a path and a method lead to. */
    sealed interface Match {}

    /** A route, and the values of its template's names. */
    record Found(Route route, Map<String, String> parameters) implements Match {}

    /** There is no such path. */
    record NoPath() implements Match {}

    /** The path has other methods. */
    record NoMethod(String allowed) implements Match {}

    List<Route> routes() {
        return routes;
    }

    /** @param path as it was sent; null if the request names a host only, as CONNECT does */
    Match match(String method, String path) {
        if (path == null) {
            return new NoPath();
        }
        String[] segments = segments(path);
        TreeSet<String> others = new TreeSet<>();
        for (int i = 0; i < templates.size(); i++) {
            if (!fits(templates.get(i), segments)) {
                continue;
            }
            Route route = routes.get(i);
            if (route.method().equals(method) || isHead(route, method)) {
                return new Found(route, parameters(templates.get(i), segments));
            }
            others.add(route.method());
        }
        return others.isEmpty() ? new NoPath() : new NoMethod(String.join(", ", others));
    }

    /** HEAD is GET without the body, which the connection leaves out (RFC 9110 section 9.3.2); nothing waits for a HEAD. */
    private static boolean isHead(Route route, String method) {
        return method.equals("HEAD") && route.method().equals("GET") && route.endpoint() instanceof Endpoint.Now;
    }

    private static String[] segments(String path) {
        return path.split("/", -1);
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{");
    }

    private static boolean fits(String[] template, String[] segments) {
        if (template.length != segments.length) {
            return false;
        }
        for (int i = 0; i < template.length; i++) {
            boolean fits = isName(template[i])
                    ? !segments[i].isEmpty() && segments[i].indexOf('%') < 0
                    : template[i].equals(segments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> parameters(String[] template, String[] segments) {
        Map<String, String> out = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (isName(template[i])) {
                out.put(template[i].substring(1, template[i].length() - 1), segments[i]);
            }
        }
        return out;
    }
}
