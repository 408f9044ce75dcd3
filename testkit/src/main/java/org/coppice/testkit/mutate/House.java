package org.coppice.testkit.mutate;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.LifetimePolicy;

/** The rules of the application that the groups of a mutation test belong to: strict wherever RFC 9420 leaves the choice. */
final class House {
    /** An extension of the GroupContext. */
    static final ExtensionType GROUP_EXTENSION = new ExtensionType(0xf001);
    /** An extension of leaves and key packages. */
    static final ExtensionType LEAF_EXTENSION = new ExtensionType(0xf002);
    /** A custom proposal that needs no path and may come from anybody. */
    static final ProposalType OPEN_PROPOSAL = new ProposalType(0xf011);
    /** A custom proposal of members, with a path. */
    static final ProposalType STRICT_PROPOSAL = new ProposalType(0xf012);
    /** When everything happens. */
    static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    /** Chosen once: each choice tries out all that there is. */
    private static final CryptoProvider PROVIDER = CryptoProviders.best();

    private static final Bytes PSK_ID = text("psk");
    private static final Bytes OTHER_PSK_ID = text("qsk");

    private House() {}

    static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What every leaf has. */
    static Extensions leafExtensions() {
        return Extensions.of(new Extension(LEAF_EXTENSION, text("leaf")));
    }

    /** The names of the two keys that the application distributed. */
    static List<Bytes> pskIds() {
        return List.of(PSK_ID, OTHER_PSK_ID);
    }

    /** A key that the application distributed. */
    static Optional<Secret> psk(Bytes id) {
        if (!pskIds().contains(id)) {
            return Optional.empty();
        }
        byte[] key = new byte[32];
        key[0] = id.at(0);
        return Optional.of(Secret.wrap(key));
    }

    static Environment.Builder environment(Environment.Builder builder, Randomness randomness) {
        return builder.provider(PROVIDER)
                .randomness(randomness)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .validator(new Names())
                .policy(policy())
                .psks(House::psk);
    }

    private static GroupPolicy policy() {
        return GroupPolicy.builder()
                .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                .grease(false)
                .lifetime(new LifetimePolicy(Duration.ofDays(100), Duration.ofHours(1), LifetimePolicy.Outside.REJECT))
                .newMemberProposals(keyPackage -> keyPackage.leafNode().credential() instanceof Credential.Basic)
                .customProposals(Map.of(
                        OPEN_PROPOSAL,
                        new CustomProposalRule(true, false, true),
                        STRICT_PROPOSAL,
                        CustomProposalRule.STRICT))
                .proposalFilter((state, resolved) -> {
                    if (resolved.proposal() instanceof Proposal.Custom custom
                            && custom.data().isEmpty()) {
                        throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY, "nothing in it");
                    }
                })
                .build();
    }

    /** Believes in basic credentials with a name, and that who keeps the name is the same client. */
    private static final class Names implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) throws ValidationException {
            for (IdentityClaim claim : claims) {
                if (!(claim.credential() instanceof Credential.Basic basic)
                        || basic.identity().isEmpty()) {
                    throw new ValidationException(Rule.CREDENTIAL_REJECTED, "no name");
                }
            }
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.wrap(claim.credential().encoded());
        }
    }
}
