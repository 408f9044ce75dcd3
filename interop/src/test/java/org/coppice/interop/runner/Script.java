package org.coppice.interop.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A script in the format of the working group's runner: steps, each by an actor, which name earlier steps by their positions.
 *
 * @param name its name in its file
 * @param steps what happens
 */
record Script(String name, List<Step> steps) {
    static List<Script> read(InputStream in) throws IOException {
        return read(new ObjectMapper().readTree(in));
    }

    static List<Script> read(JsonNode file) {
        List<Script> out = new ArrayList<>();
        file.get("scripts").properties().forEach(script -> {
            List<Step> steps = new ArrayList<>();
            script.getValue().forEach(step -> steps.add(new Step(step)));
            out.add(new Script(script.getKey(), steps));
        });
        return out;
    }

    /** All who act, in the order in which they come on. */
    Set<String> actors() {
        Set<String> out = new LinkedHashSet<>();
        for (Step step : steps) {
            for (String role : List.of("actor", "joiner", "signer", "member", "proposer", "committer", "welcomer")) {
                if (step.has(role)) {
                    out.add(step.text(role));
                }
            }
            out.addAll(step.texts("members"));
            out.addAll(step.texts("joiners"));
            out.addAll(step.texts("clients"));
        }
        return out;
    }
}
