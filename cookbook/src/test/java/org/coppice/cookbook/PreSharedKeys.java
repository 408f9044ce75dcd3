package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.join;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;

/** A secret that people agreed on outside of MLS is mixed into the group's keys. */
final class PreSharedKeys {
    private PreSharedKeys() {}

    static void cook(PrintStream out, Path directory) throws MlsException {
        mix(out, typed("seven swans"), typed("seven swans"));
        mix(out, typed("seven swans"), typed("seven ducks"));
        mix(out, typed("seven swans"), PskSource.none());
    }

    // begin mix
    static final Bytes LAKE = bytes("what we said at the lake");

    /** A client asks for keys by their ids; it closes what it is given. */
    static PskSource typed(String words) {
        return pskId -> pskId.equals(LAKE) ? Optional.of(Secret.wrap(words.getBytes(UTF_8))) : Optional.empty();
    }

    static void mix(PrintStream out, PskSource hers, PskSource his) throws MlsException {
        Group alices = client(environment().psks(hers).build(), "alice").createGroup();
        Group bobs = join(alices, client(environment().psks(his).build(), "bob"));

        StagedCommit commit = alices.commit().externalPsk(LAKE).build();
        try (StagedCommit received = bobs.stage(commit.message())) {
            bobs.merge(received);
            alices.merge(commit);
            out.println("both knew it, epoch " + bobs.epoch());
        } catch (ValidationException e) {
            out.println("bob refuses: " + e.rule() + ", and stays in epoch " + bobs.epoch());
        }
    }
    // end mix
}
