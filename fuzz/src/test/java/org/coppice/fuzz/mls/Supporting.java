package org.coppice.fuzz.mls;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.Capabilities;

/** What people of the {@link World} support beyond the defaults. */
final class Supporting {
    private Supporting() {}

    static Capabilities custom(Capabilities plain) {
        List<ProposalType> proposals = new ArrayList<>(plain.proposals());
        proposals.add(World.CUSTOM);
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), plain.extensions(), proposals, plain.credentials());
    }
}
