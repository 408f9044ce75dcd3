package org.coppice.mls.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import org.coppice.mls.framing.WireFormat;
import org.junit.jupiter.api.Test;

class SendOptionsTest {
    @Test
    void messagesTravelInTheFormatsOfMessagesOnly() {
        EnumSet<WireFormat> ofMessages = EnumSet.of(WireFormat.PUBLIC_MESSAGE, WireFormat.PRIVATE_MESSAGE);
        for (WireFormat format : ofMessages) {
            assertThat(SendOptions.DEFAULT.withWireFormat(format).wireFormat()).hasValue(format);
        }
        for (WireFormat format : EnumSet.complementOf(ofMessages)) {
            assertThatIllegalArgumentException().isThrownBy(() -> SendOptions.DEFAULT.withWireFormat(format));
        }
    }
}
