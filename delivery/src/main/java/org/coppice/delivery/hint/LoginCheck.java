package org.coppice.delivery.hint;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;

/** Whether the login that a stream was opened with still stands. */
@FunctionalInterface
public interface LoginCheck {
    /** Of who is there without a token, by the will of the program. */
    LoginCheck ALWAYS = () -> true;

    /** Looks. */
    boolean stands() throws DeliveryException, IOException;
}
