package org.coppice.testkit.heap;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * When a dump was taken, and what the rules of deletion need to know about that. All members have read what was sent, but for what is
 * said here.
 *
 * @param name what happened last
 * @param epoch that of all members; -1 when the group is closed
 * @param pastEpochs of how many epochs before that the policy keeps what opens late messages
 * @param kept names and labels of phases whose keys are not used up yet
 * @param refreshed whether every member has made a Commit with a path since the dump before
 */
record Moment(String name, long epoch, int pastEpochs, Set<String> kept, boolean refreshed) {
    static final long CLOSED = -1;

    @Override
    public String toString() {
        return name + "/" + epoch + "/" + pastEpochs + "/" + String.join(",", kept) + "/" + refreshed;
    }

    static Moment parse(String text) {
        String[] parts = text.split("/");
        return new Moment(
                parts[0],
                Long.parseLong(parts[1]),
                Integer.parseInt(parts[2]),
                new LinkedHashSet<>(Arrays.asList(parts[3].split(","))),
                Boolean.parseBoolean(parts[4]));
    }

    Path dump(Path directory) {
        return directory.resolve(name.replace(' ', '-') + ".hprof");
    }
}
