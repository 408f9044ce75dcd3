package org.coppice.mls.group;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.message.ProposalRef;

/** The valid proposals of the present epoch that no Commit has covered yet, in the order they came (RFC 9420 §12.1). */
final class ProposalCache {
    private final Map<ProposalRef, ResolvedProposal> byRef = new LinkedHashMap<>();

    void put(ResolvedProposal proposal) {
        byRef.put(proposal.ref().orElseThrow(), proposal);
    }

    Optional<ResolvedProposal> find(ProposalRef ref) {
        return Optional.ofNullable(byRef.get(ref));
    }

    List<ResolvedProposal> all() {
        return List.copyOf(byRef.values());
    }

    int size() {
        return byRef.size();
    }

    void clear() {
        byRef.clear();
    }
}
