package org.coppice.mls.environment;

import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.tree.LifetimePolicy;

/**
 * What an application decides for its groups where RFC 9420 leaves it the choice. Immutable; {@link #toBuilder()} changes a
 * copy.
 */
public final class GroupPolicy {
    /**
     * PrivateMessage for handshakes, both formats accepted, Padmé padding, two past epochs for late messages, resumption PSKs of
     * eight epochs, GREASE on, external Commits accepted, unasked proposals of outsiders refused.
     */
    public static final GroupPolicy DEFAULT = new Builder().build();

    private final Builder values;

    private GroupPolicy(Builder values) {
        this.values = values;
    }

    /** The default policy, to be changed. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this policy. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** How own handshake messages travel (RFC 9420 §6). */
    public WireFormat handshakeWireFormat() {
        return values.handshakeWireFormat;
    }

    /** Whether handshake messages of members are accepted as PublicMessage. */
    public boolean acceptsPublicHandshakes() {
        return values.acceptPublicHandshakes;
    }

    /** How PrivateMessages are padded (RFC 9420 §15.1). */
    public PaddingPolicy padding() {
        return values.padding;
    }

    /** By how many generations a message may be ahead of its sender's ratchet (RFC 9420 §15.3). */
    public int maxForward() {
        return values.ratchetLimits.maxForward();
    }

    /** How many skipped message keys are kept for each ratchet (RFC 9420 §15.3). */
    public int maxSkippedPerRatchet() {
        return values.ratchetLimits.maxSkippedPerRatchet();
    }

    /** How many skipped message keys are kept for each epoch (RFC 9420 §15.3). */
    public int maxSkippedTotal() {
        return values.ratchetLimits.maxSkippedTotal();
    }

    /** How many past epochs' late messages can still be read. */
    public int pastEpochs() {
        return values.pastEpochs;
    }

    /** Of how many epochs, the present one included, the resumption_psk is kept (RFC 9420 §8.6). */
    public int resumptionPsks() {
        return values.resumptionPsks;
    }

    /** How lifetimes of leaves are judged (RFC 9420 §7.2, §7.3). */
    public LifetimePolicy lifetime() {
        return values.lifetime;
    }

    /** Whether external Commits are accepted (RFC 9420 §12.4.3.2). */
    public boolean acceptsExternalCommits() {
        return values.externalCommits;
    }

    /** Whether an external Commit may remove the joiner's old leaf. */
    public boolean acceptsResync() {
        return values.resync;
    }

    /** Which clients may propose to be added (RFC 9420 §12.1.8). */
    public boolean acceptsNewMember(KeyPackage keyPackage) {
        return values.newMemberProposals.test(keyPackage);
    }

    /** The application's own rules about proposals. */
    public ProposalFilter proposalFilter() {
        return values.proposalFilter;
    }

    /** What the definition of a custom proposal type says. */
    public CustomProposalRule customProposal(ProposalType type) {
        return values.customProposals.getOrDefault(type, CustomProposalRule.STRICT);
    }

    /** Whether own objects carry GREASE values (RFC 9420 §13.5). */
    public boolean grease() {
        return values.grease;
    }

    /** How many PrivateMessages this client sends in one epoch at most (RFC 9420 §15.2). */
    public long maxMessagesPerEpoch() {
        return values.maxMessagesPerEpoch;
    }

    /** How many bytes the plaintext of a message may have at most (RFC 9420 §6.3.1). */
    public int maxMessageBytes() {
        return values.maxMessageBytes;
    }

    /** How many uncommitted proposals are kept in one epoch at most. */
    public int maxCachedProposals() {
        return values.maxCachedProposals;
    }

    /** How many bytes uncommitted proposals may have together in one epoch before no more is kept. */
    public int maxCachedProposalBytes() {
        return values.maxCachedProposalBytes;
    }

    /** Builds a policy. Not thread safe. */
    public static final class Builder {
        private WireFormat handshakeWireFormat = WireFormat.PRIVATE_MESSAGE;
        private boolean acceptPublicHandshakes = true;
        private PaddingPolicy padding = PaddingPolicy.padme();
        private RatchetLimits ratchetLimits = RatchetLimits.DEFAULT;
        private int pastEpochs = 2;
        private int resumptionPsks = 8;
        private LifetimePolicy lifetime = LifetimePolicy.DEFAULT;
        private boolean externalCommits = true;
        private boolean resync = true;
        private Predicate<KeyPackage> newMemberProposals = keyPackage -> false;
        private ProposalFilter proposalFilter = ProposalFilter.allowAll();
        private Map<ProposalType, CustomProposalRule> customProposals = Map.of();
        private boolean grease = true;
        private long maxMessagesPerEpoch = 1L << 24;
        private int maxMessageBytes = 1 << 28;
        private int maxCachedProposals = 1 << 16;
        private int maxCachedProposalBytes = 1 << 28;

        private Builder() {}

        private Builder(Builder from) {
            handshakeWireFormat = from.handshakeWireFormat;
            acceptPublicHandshakes = from.acceptPublicHandshakes;
            padding = from.padding;
            ratchetLimits = from.ratchetLimits;
            pastEpochs = from.pastEpochs;
            resumptionPsks = from.resumptionPsks;
            lifetime = from.lifetime;
            externalCommits = from.externalCommits;
            resync = from.resync;
            newMemberProposals = from.newMemberProposals;
            proposalFilter = from.proposalFilter;
            customProposals = from.customProposals;
            grease = from.grease;
            maxMessagesPerEpoch = from.maxMessagesPerEpoch;
            maxMessageBytes = from.maxMessageBytes;
            maxCachedProposals = from.maxCachedProposals;
            maxCachedProposalBytes = from.maxCachedProposalBytes;
        }

        /** Sets how own handshake messages travel. */
        public Builder handshakeWireFormat(WireFormat value) {
            if (value != WireFormat.PUBLIC_MESSAGE && value != WireFormat.PRIVATE_MESSAGE) {
                throw new IllegalArgumentException("handshakes travel as PublicMessage or PrivateMessage");
            }
            handshakeWireFormat = value;
            return this;
        }

        /** Sets whether members' handshakes are accepted as PublicMessage. */
        public Builder acceptPublicHandshakes(boolean value) {
            acceptPublicHandshakes = value;
            return this;
        }

        /** Sets the padding. */
        public Builder padding(PaddingPolicy value) {
            padding = Objects.requireNonNull(value, "padding");
            return this;
        }

        /**
         * Sets how far ratchets follow messages that come out of order; without it 1024, 1024 and 16384.
         *
         * @param maxForward how many generations one message may skip at most
         * @param maxSkippedPerRatchet how many keys of skipped generations are kept of one sender and kind of content
         * @param maxSkippedTotal how many of them are kept in one epoch
         */
        public Builder ratchetLimits(int maxForward, int maxSkippedPerRatchet, int maxSkippedTotal) {
            ratchetLimits = new RatchetLimits(maxForward, maxSkippedPerRatchet, maxSkippedTotal);
            return this;
        }

        /** Sets how many past epochs are kept. */
        public Builder pastEpochs(int value) {
            pastEpochs = notNegative(value);
            return this;
        }

        /** Sets of how many epochs the resumption_psk is kept. */
        public Builder resumptionPsks(int value) {
            resumptionPsks = notNegative(value);
            return this;
        }

        /** Sets how lifetimes are judged. */
        public Builder lifetime(LifetimePolicy value) {
            lifetime = Objects.requireNonNull(value, "lifetime");
            return this;
        }

        /** Sets whether external Commits are accepted. */
        public Builder externalCommits(boolean value) {
            externalCommits = value;
            return this;
        }

        /** Sets whether external Commits may remove the joiner's old leaf. */
        public Builder resync(boolean value) {
            resync = value;
            return this;
        }

        /** Sets which clients may propose to be added. */
        public Builder newMemberProposals(Predicate<KeyPackage> value) {
            newMemberProposals = Objects.requireNonNull(value, "newMemberProposals");
            return this;
        }

        /** Sets the application's own rules about proposals. */
        public Builder proposalFilter(ProposalFilter value) {
            proposalFilter = Objects.requireNonNull(value, "proposalFilter");
            return this;
        }

        /** Sets what the definitions of custom proposal types say. */
        public Builder customProposals(Map<ProposalType, CustomProposalRule> value) {
            customProposals = Map.copyOf(value);
            return this;
        }

        /** Sets whether own objects carry GREASE values. */
        public Builder grease(boolean value) {
            grease = value;
            return this;
        }

        /** Sets how many PrivateMessages are sent in one epoch at most. */
        public Builder maxMessagesPerEpoch(long value) {
            if (value < 0) {
                throw new IllegalArgumentException("must not be negative");
            }
            maxMessagesPerEpoch = value;
            return this;
        }

        /** Sets how long the plaintext of a message may be. */
        public Builder maxMessageBytes(int value) {
            maxMessageBytes = notNegative(value);
            return this;
        }

        /** Sets how many uncommitted proposals are kept. */
        public Builder maxCachedProposals(int value) {
            maxCachedProposals = notNegative(value);
            return this;
        }

        /**
         * Sets how many bytes uncommitted proposals may have together before no more is kept: one that comes when they have as many is
         * refused, so the last may go beyond. Members of a group should have the same limit, as a Commit of a proposal that some refused
         * leaves these behind.
         */
        public Builder maxCachedProposalBytes(int value) {
            maxCachedProposalBytes = notNegative(value);
            return this;
        }

        private static int notNegative(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("must not be negative");
            }
            return value;
        }

        /** The policy. */
        public GroupPolicy build() {
            return new GroupPolicy(new Builder(this));
        }
    }
}
