package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Received;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.LifetimePolicy;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long leaves may last, and when they are sent and taken (RFC 9420 §7.2, §7.3). */
class LifetimeRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private Scene scene;
    private Actor alice;
    private Actor bob;
    private Actor carol;

    @BeforeEach
    void twoMembersAndAStranger() throws MlsException {
        begin(builder -> builder);
    }

    private void begin(UnaryOperator<Environment.Builder> settings) throws MlsException {
        scene = Scene.empty(SUITE, settings).withGroup(Extensions.EMPTY, "alice", "bob");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
        carol = scene.client("carol");
    }

    private KeyPackage lasting(Instant from, Duration length) throws MlsException {
        return KeyPackageForge.of(carol.client())
                .withSource(new LeafNodeSource.KeyPackage(Lifetime.around(from, Duration.ZERO, length)))
                .make();
    }

    private void refusesAdd(Rule rule, KeyPackage keyPackage) throws MlsException {
        Proposal add = new Proposal.Add(keyPackage);
        Refusals.refuses(rule, alice, bob.insider().proposal(add));
        Refusals.refuses(rule, alice, bob.insider().commit(List.of(add), Optional.empty()));
        Refusals.refuses(rule, alice, () -> alice.group().commit().propose(add).build());
    }

    // ---- of what is sent

    @Test
    @Tag("R-7.3-10")
    void sendsNoLeafThatIsNotValidNow() throws MlsException {
        Instant now = Instant.now();
        for (KeyPackage bad : List.of(
                lasting(now.minus(Duration.ofDays(3)), Duration.ofDays(1)),
                lasting(now.plus(Duration.ofMinutes(10)), Duration.ofDays(1)))) {
            Refusals.refuses(
                    Rule.LEAF_LIFETIME,
                    alice,
                    () -> alice.group().commit().add(bad).build());
            Refusals.refuses(Rule.LEAF_LIFETIME, alice, () -> alice.group().proposeAdd(bad));
            Refusals.refuses(
                    Rule.LEAF_LIFETIME,
                    alice,
                    () -> carol.client().proposeAdd(alice.group().groupId(), 1, bad));
        }
        for (Lifetime wrong : List.of(
                Lifetime.around(now.minus(Duration.ofDays(3)), Duration.ZERO, Duration.ofDays(1)),
                Lifetime.around(now.plus(Duration.ofDays(1)), Duration.ZERO, Duration.ofDays(1)))) {
            assertThatThrownBy(() -> alice.client().generateKeyPackage(Extensions.EMPTY, wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        scene.follow(
                "alice",
                alice.group()
                        .commit()
                        .add(lasting(now.minusSeconds(5), Duration.ofDays(1)))
                        .build());
    }

    @Test
    @Tag("R-7.2-12")
    void makesNoLeafThatLastsLongerThanTheMaximum() throws MlsException {
        Duration longest = alice.client().environment().policy().lifetime().maxSpan();
        assertThat(longest).isLessThan(Duration.ofDays(500));
        Lifetime tooLong = Lifetime.around(Instant.now(), Duration.ofHours(1), longest);
        assertThatThrownBy(() -> alice.client().generateKeyPackage(Extensions.EMPTY, tooLong))
                .isInstanceOf(IllegalArgumentException.class);
        LeafNodeSource.KeyPackage source = (LeafNodeSource.KeyPackage)
                alice.client().generateKeyPackage().keyPackage().leafNode().source();
        assertThat(source.lifetime().isLongerThan(longest)).isFalse();
    }

    @Test
    void makesLeavesAsShortAsThePolicyAsks() throws MlsException {
        LifetimePolicy brief =
                new LifetimePolicy(Duration.ofDays(7), Duration.ofHours(1), LifetimePolicy.Outside.TOLERATE);
        begin(builder ->
                builder.policy(Scene.policy().toBuilder().lifetime(brief).build()));
        LeafNodeSource.KeyPackage source = (LeafNodeSource.KeyPackage)
                alice.client().generateKeyPackage().keyPackage().leafNode().source();
        assertThat(source.lifetime().isLongerThan(brief.maxSpan())).isFalse();
        assertThat(source.lifetime().includes(Instant.now().plus(Duration.ofDays(6))))
                .isTrue();
    }

    // ---- of what is received

    @Test
    @Tag("R-7.2-12")
    @Tag("R-7.2-13")
    @Tag("A-8.4.2-03")
    void refusesALifetimeThatIsLongerThanTheMaximum() throws MlsException {
        Duration longest = alice.client().environment().policy().lifetime().maxSpan();
        Instant start = Instant.now().minusSeconds(60);
        refusesAdd(Rule.LEAF_LIFETIME_SPAN, lasting(start, longest.plusSeconds(1)));
        assertThat(alice.group().receive(bob.insider().proposal(new Proposal.Add(lasting(start, longest)))))
                .isInstanceOf(Received.ProposalCached.class);
    }

    @Test
    @Tag("R-7.2-14")
    @Tag("R-7.3-11")
    void toleratesALeafOutsideItsLifetimeUnlessThePolicyIsStrict() throws MlsException {
        Instant longAgo = Instant.now().minus(Duration.ofDays(100));
        MlsMessage expired = bob.insider().proposal(new Proposal.Add(lasting(longAgo, Duration.ofDays(1))));
        assertThat(alice.group().receive(expired)).isInstanceOf(Received.ProposalCached.class);

        LifetimePolicy strict = LifetimePolicy.DEFAULT.withOutside(LifetimePolicy.Outside.REJECT);
        begin(builder ->
                builder.policy(Scene.policy().toBuilder().lifetime(strict).build()));
        refusesAdd(Rule.LEAF_LIFETIME, lasting(longAgo, Duration.ofDays(1)));
        // A clock that is half an hour ahead does no harm.
        MlsMessage early =
                bob.insider().proposal(new Proposal.Add(lasting(Instant.now().plusSeconds(1800), Duration.ofDays(1))));
        assertThat(alice.group().receive(early)).isInstanceOf(Received.ProposalCached.class);
    }
}
