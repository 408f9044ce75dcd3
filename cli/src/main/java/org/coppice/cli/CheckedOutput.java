package org.coppice.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An output that ends the command when it cannot be written. The {@code PrintStream} around it would swallow an exception of the
 * checked kind: a command piped into {@code head} would run on for nobody, and a full disk would pass for success.
 */
final class CheckedOutput extends FilterOutputStream {
    private boolean isLost;

    CheckedOutput(OutputStream out) {
        super(out);
    }

    /** The output is lost. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Lost(IOException cause) {
            super(cause.getMessage(), cause);
        }

        /** Whether nobody reads it any more, which is no fault of anybody's. */
        boolean isClosedPipe() {
            return "Broken pipe".equals(getMessage());
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (isLost) {
            // It was told once; what buffers in front of this still hold goes the same way.
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            isLost = true;
            throw new Lost(e);
        }
    }
}
