package org.coppice.delivery.http;

import java.nio.ByteBuffer;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Says the same as {@link Problems} of requests that never got as far as the {@link Front}, such as broken headers. */
final class ProblemPages extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        byte[] body = page(response.getStatus());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaTypes.PROBLEM);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static byte[] page(int status) {
        return switch (status) {
            case 413, 414, 431 -> body(ProblemKind.TOO_LARGE, status, "the request line or the header is too long");
            case 503 -> body(ProblemKind.UNAVAILABLE, status, "not now");
            default -> {
                if (status >= 500) {
                    yield Json.bytes(JsonValues.of(
                            Problem.of(ProblemKind.UNAVAILABLE, "the server has a fault; its log says more"),
                            status,
                            Problems.INTERNAL,
                            "Internal"));
                }
                yield body(ProblemKind.MALFORMED, status, "this is not a request of HTTP that is understood here");
            }
        };
    }

    private static byte[] body(ProblemKind kind, int status, String detail) {
        Problem problem = Problem.of(kind, detail);
        return Json.bytes(JsonValues.of(problem, status, kind.type(), Problems.title(kind.wireName())));
    }
}
