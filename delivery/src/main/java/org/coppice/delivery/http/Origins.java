package org.coppice.delivery.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Request;

/**
 * Tells where requests come from, so that strangers can be limited.
 *
 * @param behindProxy whether a proxy puts the address that it sees at the end of X-Forwarded-For. Without one the header is anybody's
 *     invention, and so is all of it but the end with one
 */
record Origins(boolean behindProxy) {
    private static final int NETWORK_BYTES = 8;

    String of(Request request) {
        if (behindProxy) {
            List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
            if (!hops.isEmpty()) {
                return hops.get(hops.size() - 1);
            }
        }
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? of(remote.getAddress())
                : "";
    }

    /** Whoever has an address of IPv6 has 2^64 of them. */
    private static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
