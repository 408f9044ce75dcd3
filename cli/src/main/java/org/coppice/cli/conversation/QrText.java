package org.coppice.cli.conversation;

import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;
import org.coppice.client.model.SafetyNumber;

/** A QR code in half blocks, two rows in a line, and digits in groups. */
public final class QrText {
    private static final int BORDER = 2;
    private static final int GROUPS_IN_LINE = 4;
    private static final int GROUP = 5;

    private QrText() {}

    /**
     * The code of a text. Light modules are drawn and dark ones left out, as terminals are dark; readers take the reverse, too.
     */
    public static List<String> lines(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        List<String> out = new ArrayList<>();
        for (int y = -BORDER; y < code.size + BORDER; y += 2) {
            StringBuilder line = new StringBuilder("  ");
            for (int x = -BORDER; x < code.size + BORDER; x++) {
                boolean upper = !code.getModule(x, y);
                boolean lower = y + 1 < code.size + BORDER && !code.getModule(x, y + 1);
                line.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            out.add(line.toString());
        }
        return out;
    }

    /** The digits, in three lines of four groups. */
    public static List<String> digits(SafetyNumber number) {
        List<String> out = new ArrayList<>();
        String digits = number.digits();
        for (int start = 0; start < digits.length(); start += GROUPS_IN_LINE * GROUP) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = start; i < start + GROUPS_IN_LINE * GROUP; i += GROUP) {
                line.append(' ').append(digits, i, i + GROUP);
            }
            out.add(line.toString());
        }
        return out;
    }
}
