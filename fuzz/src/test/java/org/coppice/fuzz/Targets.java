package org.coppice.fuzz;

import java.util.Arrays;
import java.util.Locale;
import org.coppice.fuzz.command.CommandTarget;
import org.coppice.fuzz.mls.DecodeTarget;
import org.coppice.fuzz.mls.GroupInfoTarget;
import org.coppice.fuzz.mls.MessageTarget;
import org.coppice.fuzz.mls.MutantTarget;
import org.coppice.fuzz.mls.RecordsTarget;
import org.coppice.fuzz.mls.SealedTarget;
import org.coppice.fuzz.mls.WelcomeTarget;
import org.coppice.fuzz.service.AnswerTarget;
import org.coppice.fuzz.service.HttpTarget;
import org.coppice.fuzz.store.StoreTarget;

/** All targets. Their names are those of the folders of seeds, and what {@code fuzz/run} takes. */
public enum Targets {
    /** Every decoder of the libraries. */
    DECODE(DecodeTarget::new),
    /** Messages as they come, at a member. */
    MESSAGE(MessageTarget::new),
    /** Messages that are rightly signed and encrypted, at a member. */
    SEALED(SealedTarget::new),
    /** Valid messages with a field changed and all else made right again, at those they are for. */
    MUTANT(MutantTarget::new),
    /** Welcomes, at who waits for one. */
    WELCOME(WelcomeTarget::new),
    /** GroupInfos and ratchet trees, at who joins from outside. */
    GROUP_INFO(GroupInfoTarget::new),
    /** Stored groups that were damaged. */
    RECORDS(RecordsTarget::new),
    /** A client's sealed store. */
    STORE(StoreTarget::new),
    /** Requests to a delivery service. */
    HTTP(HttpTarget::new),
    /** What a delivery service answers. */
    ANSWER(AnswerTarget::new),
    /** Files at {@code inspect} and {@code tree}. */
    COMMAND(CommandTarget::new);

    private final Maker maker;

    /** Makes a target, with all that it needs. */
    @FunctionalInterface
    private interface Maker {
        Target make() throws Exception;
    }

    Targets(Maker maker) {
        this.maker = maker;
    }

    /** A new target. */
    public Target open() throws Exception {
        return maker.make();
    }

    /** In lower case, with hyphens. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The target of this name; throws {@link IllegalArgumentException} if there is none. */
    static Targets named(String name) {
        return Arrays.stream(values())
                .filter(target -> target.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + name));
    }
}
