package org.coppice.mls.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.StoredProposal;

/** The valid proposals of the present epoch that no Commit has covered yet, in the order they came (RFC 9420 §12.1). */
public final class ProposalCache {
    private final Map<ProposalRef, ResolvedProposal> byRef = new LinkedHashMap<>();
    /** The place in the order that the next one gets; stored with each. */
    private long next;
    /** The encodings of all. */
    private long bytes;

    public void put(ResolvedProposal proposal) {
        byRef.put(proposal.ref().orElseThrow(), proposal);
        next++;
        bytes += SuiteCrypto.encode(proposal.proposal()).length();
    }

    /** Refuses one more if there are as many as the policy allows, or if they are as long. */
    public void requireRoom(GroupPolicy policy) throws ValidationException {
        if (size() >= policy.maxCachedProposals() || bytes >= policy.maxCachedProposalBytes()) {
            throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY, "too many proposals in this epoch");
        }
    }

    public Optional<ResolvedProposal> find(ProposalRef ref) {
        return Optional.ofNullable(byRef.get(ref));
    }

    public List<ResolvedProposal> all() {
        return List.copyOf(byRef.values());
    }

    public int size() {
        return byRef.size();
    }

    public void clear() {
        byRef.clear();
        next = 0;
        bytes = 0;
    }

    // ---- storage

    /** Writes a proposal that is put next. */
    public void record(ResolvedProposal proposal, long epoch, StateChange.Builder changes) {
        changes.put(key(proposal, epoch), StoredProposal.encode(proposal, next));
    }

    public void recordAll(long epoch, StateChange.Builder changes) {
        long order = 0;
        for (ResolvedProposal proposal : byRef.values()) {
            changes.put(key(proposal, epoch), StoredProposal.encode(proposal, order++));
        }
    }

    public void recordDeletion(long epoch, StateChange.Builder changes) {
        byRef.values().forEach(proposal -> changes.delete(key(proposal, epoch)));
    }

    private static RecordKey key(ResolvedProposal proposal, long epoch) {
        return new RecordKey.Proposal(epoch, proposal.ref().orElseThrow().hash());
    }

    /** Reads the proposals of an epoch, and returns the keys of those of other epochs. */
    public List<RecordKey> restore(Map<Bytes, byte[]> records, long epoch) throws DecodeException {
        List<RecordKey> others = new ArrayList<>();
        // By place; observers that wrote at the same time may have given one place twice, so by key then.
        Map<Long, Map<Bytes, ResolvedProposal>> found = new TreeMap<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.PROPOSAL.matches(entry.getKey())) {
                RecordKey.Proposal key = (RecordKey.Proposal) RecordKey.parse(entry.getKey());
                if (key.epoch() == epoch) {
                    StoredProposal stored = StoredProposal.decode(entry.getValue());
                    found.computeIfAbsent(stored.order(), order -> new TreeMap<>())
                            .put(key.reference(), stored.proposal());
                } else {
                    others.add(key);
                }
            }
        }
        found.forEach((order, proposals) -> {
            proposals.values().forEach(this::put);
            next = order + 1;
        });
        return others;
    }
}
