package org.coppice.delivery.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Chooses between two media types by the header Accept (RFC 9110 section 12.5.1). What is malformed in it is passed over. */
final class Accept {
    /** RFC 9110 section 12.4.2. */
    private static final Pattern QVALUE = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

    private Accept() {}

    /** Whether {@code type} is asked for by name and no less than {@code other}; whoever does not care gets {@code other}. */
    static boolean prefers(List<String> accept, String type, String other) {
        double quality = quality(accept, type);
        return quality > 0 && quality >= quality(accept, other);
    }

    private static double quality(List<String> accept, String type) {
        for (String value : accept) {
            for (String range : value.split(",")) {
                // With a limit: otherwise of ";" nothing would be left, not even an empty type.
                String[] parts = range.split(";", -1);
                if (parts[0].trim().toLowerCase(Locale.ROOT).equals(type)) {
                    return weight(parts);
                }
            }
        }
        return 0;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String weight = parameter.substring(2);
                return QVALUE.matcher(weight).matches() ? Double.parseDouble(weight) : 0;
            }
        }
        return 1;
    }
}
