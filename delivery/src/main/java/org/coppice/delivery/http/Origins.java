package org.coppice.delivery.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;

/**
 * Tells where requests come from, so that strangers can be limited.
 *
 * @param behindProxy whether a proxy puts the address that it sees at the end of X-Forwarded-For. Without one the header is anybody's
 *     invention, and so is all of it but the end with one
 */
record Origins(boolean behindProxy) {
    private static final int NETWORK_BYTES = 8;
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[0-9.]+):[0-9]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    String of(Request request) {
        if (behindProxy) {
            List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
            if (!hops.isEmpty()) {
                return ofHop(hops.get(hops.size() - 1));
            }
        }
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? of(remote.getAddress())
                : "";
    }

    /** An address as proxies write it, some with the port; whatever else it is stands for itself. */
    private static String ofHop(String hop) {
        Matcher withPort = WITH_PORT.matcher(hop);
        String address = withPort.matches() ? withPort.group(1) : hop;
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (!IPV6.matcher(address).matches()) {
            return address;
        }
        try {
            // Of these characters it is no name that would be looked up.
            return of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return address;
        }
    }

    /** Whoever has an address of IPv6 has 2^64 of them. */
    private static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
