package org.coppice.client.http;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.DeliveryException;

/** Tokens as the SDK gets them, which it shows to nobody. */
public final class Tokens {
    private Tokens() {}

    /** A token of a client that is registered at the service of a URL. */
    public static String of(String url, Identity identity) throws DeliveryException, IOException {
        Transport transport = new Transport(new OkHttpClient(), HttpUrl.get(url), pause -> {}, Clock.systemUTC());
        return new Login(transport, identity, Clock.systemUTC()).token(Optional.empty());
    }
}
