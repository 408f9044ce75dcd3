package org.coppice.interop.runner;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The project's own scripts, in {@code src/test/resources/scenarios}. */
final class OwnScripts {
    static final List<String> FILES = List.of(
            "joining.json",
            "external-joining.json",
            "commits.json",
            "messages.json",
            "outsiders.json",
            "successors.json");

    private OwnScripts() {}

    static List<Script> of(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OwnScripts.class.getResourceAsStream("/scenarios/" + file), file)) {
            return Script.read(in);
        }
    }

    static List<Script> all() throws IOException {
        List<Script> out = new ArrayList<>();
        for (String file : FILES) {
            out.addAll(of(file));
        }
        return out;
    }
}
