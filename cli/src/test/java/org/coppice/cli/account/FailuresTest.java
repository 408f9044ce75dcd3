package org.coppice.cli.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Why a server cannot be reached, in words. */
class FailuresTest {
    /** A chat said "no connection: Socket closed" of a server that kept silent. */
    @Test
    void whoDoesNotAnswerIsNotToldByWhatEndedTheWait() {
        IOException silent = new SocketTimeoutException("timeout");
        silent.initCause(new SocketException("Socket closed"));
        assertThat(Failures.reason(silent)).isEqualTo("no answer in time");
        assertThat(Failures.reason(new IOException("the stream of hints did not open", silent)))
                .isEqualTo("no answer in time");
        assertThat(Failures.reason(new ConnectException())).isEqualTo("connection refused");
        assertThat(Failures.reason(new IOException(new UnknownHostException("x"))))
                .isEqualTo("no such host");
    }
}
