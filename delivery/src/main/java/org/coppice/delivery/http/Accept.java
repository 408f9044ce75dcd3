package org.coppice.delivery.http;

import java.util.List;
import java.util.Locale;

/** Chooses between two media types by the header Accept (RFC 9110 section 12.5.1). */
final class Accept {
    private Accept() {}

    /** Whether {@code type} is asked for by name and no less than {@code other}; whoever does not care gets {@code other}. */
    static boolean prefers(List<String> accept, String type, String other) {
        double quality = quality(accept, type);
        return quality > 0 && quality >= quality(accept, other);
    }

    private static double quality(List<String> accept, String type) {
        for (String value : accept) {
            for (String range : value.split(",")) {
                String[] parts = range.split(";");
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
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
