package org.coppice.delivery.keypackage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.limit.Refusals;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.limit.Sizes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.GroupRequirements;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.LeafNodeValidator;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.LifetimePolicy;

/** What RFC 9420 §10.1 asks of a key package, and the service besides. */
final class KeyPackageChecker {
    private final Environment environment;
    private final SizeLimits sizes;

    KeyPackageChecker(Environment environment, SizeLimits sizes) {
        this.environment = Objects.requireNonNull(environment, "environment");
        this.sizes = Objects.requireNonNull(sizes, "sizes");
    }

    /**
     * Checks one that {@code credentials}' client publishes.
     *
     * @param credentials the client's credentials that are in force
     * @param lastResort whether it is published as one
     */
    Offer check(MlsMessage message, List<RegisteredCredential> credentials, boolean lastResort)
            throws DeliveryException {
        if (!(message.body() instanceof MlsMessage.KeyPackage body)) {
            throw ServiceRule.WRONG_MESSAGE.refusal();
        }
        Offer offer = offer(message, body.keyPackage(), lastResort);
        Sizes.check(offer.encoded().length(), sizes.keyPackage(), "a key package");
        KeyPackage keyPackage = body.keyPackage();
        if (keyPackage.isLastResort() != lastResort) {
            throw ServiceRule.LAST_RESORT_MARK.refusal();
        }
        LeafNode leaf = keyPackage.leafNode();
        boolean registered = credentials.stream()
                .anyMatch(known -> known.signatureKey().equals(leaf.signatureKey())
                        && known.credential().equals(leaf.credential()));
        if (!registered) {
            throw ServiceRule.CREDENTIAL_NOT_REGISTERED.refusal();
        }
        try {
            checkByRfc(keyPackage);
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
        return offer;
    }

    private Offer offer(MlsMessage message, KeyPackage keyPackage, boolean lastResort) throws DeliveryException {
        try {
            return Offer.of(message, keyPackage, environment.crypto(keyPackage.cipherSuite()), lastResort);
        } catch (MlsException e) {
            throw Refusals.of(e);
        }
    }

    private void checkByRfc(KeyPackage keyPackage) throws MlsException, DeliveryException {
        SuiteCrypto crypto = environment.crypto(keyPackage.cipherSuite());
        LeafNode leaf = keyPackage.leafNode();
        if (leaf.source() instanceof LeafNodeSource.KeyPackage source) {
            checkLifetime(source.lifetime());
        }
        // §10.1: the leaf is valid for a key package.
        LifetimePolicy lifetime = environment.policy().lifetime();
        new LeafNodeValidator(
                        crypto,
                        GroupRequirements.none(ProtocolVersion.MLS10),
                        lifetime,
                        environment.clock().instant())
                .validate(leaf, LeafNodeSource.Kind.KEY_PACKAGE, null);
        // §10.1: init_key differs from the leaf's encryption_key, and is a key of the suite.
        if (keyPackage.initKey().equals(leaf.encryptionKey())) {
            throw new ValidationException(Rule.KEY_PACKAGE_INIT_KEY);
        }
        if (!crypto.isValid(keyPackage.initKey())) {
            throw new ValidationException(Rule.INVALID_KEY, "init_key");
        }
        if (!keyPackage.verifySignature(crypto)) {
            throw new ValidationException(Rule.KEY_PACKAGE_SIGNATURE);
        }
    }

    /** A member tolerates what expired on its way; the service gives out nothing that has, so it takes nothing that has. */
    private void checkLifetime(Lifetime lifetime) throws DeliveryException {
        Instant now = environment.clock().instant();
        Instant soon = now.plus(environment.policy().lifetime().skew());
        boolean begun = lifetime.includes(now) || lifetime.includes(soon);
        if (!begun || lifetime.isLongerThan(environment.policy().lifetime().maxSpan())) {
            throw ServiceRule.KEY_PACKAGE_LIFETIME.refusal();
        }
    }
}
