package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Secrets, tags and tokens are compared in constant time: the compiled code of all modules is searched for comparisons that stop at the
 * first difference, and for who leaves it to the platform to look at every byte.
 */
class ConstantTimeTest {
    private static final Set<String> COMPARING = Set.of(
            "equals",
            "contentEquals",
            "compare",
            "compareUnsigned",
            "compareTo",
            "mismatch",
            "deepEquals",
            "hashCode",
            "deepHashCode",
            "areEqual");

    private static final Set<String> RUNS_OF_BYTES = Set.of(
            Arrays.class.getName(),
            ByteBuffer.class.getName(),
            BigInteger.class.getName(),
            "org.bouncycastle.util.Arrays");

    /** Where bytes and large numbers are compared as fast as it goes, and why that gives nothing away. */
    private static final Map<String, String> PUBLIC = Map.ofEntries(
            Map.entry("CheckedSignatures.loadPrivate", "two public keys"),
            Map.entry("EdwardsForm.isGoodEncoding", "public keys and signatures"),
            Map.entry("EdwardsForm.isPoint", "public keys"),
            Map.entry("SmallOrder.isMontgomery", "public keys"),
            Map.entry("KnownAnswers.check", "constants"),
            Map.entry("KnownAnswers.expect", "constants"),
            Map.entry("Differences.find", "the ratchet tree"),
            Map.entry("LeafNode.equals", "the ratchet tree"),
            Map.entry("LeafNode.hashCode", "the ratchet tree"),
            Map.entry("MemberSupport.equals", "the ratchet tree"),
            Map.entry("MemberSupport.hashCode", "the ratchet tree"),
            Map.entry("MemberSupport.union", "the ratchet tree"),
            Map.entry("ParentHashLink.find", "leaf indices"),
            Map.entry("Passphrases.ofNew", "what the same person typed twice"),
            Map.entry("RevocationList.take", "serial numbers of revocation lists"));

    /** Who hands two values to the platform's comparison, which looks at every byte: each of them, and nobody else. */
    private static final Set<String> BY_THE_PLATFORM = Set.of(
            "Secret.constantTimeEquals",
            "SuiteCrypto.constantTimeEquals",
            "SuiteCrypto.verifyMac",
            "Challenges.isGenuine",
            "OperatorToken.is",
            "JdkEcKeys.publicKey",
            "JdkEddsaKeys.publicKey");

    /** Who has these compare. */
    private static final Set<String> BY_OURS = Set.of(
            "EpochSecrets.verifyConfirmationTag",
            "EpochSecrets.verifyMembershipTag",
            "GroupState.isConfirmedLike",
            "JoinChecks.isConfirmedAlike",
            "EpochMark.differs",
            "Codes.objection");

    /** How fields and methods are called that give a tag, a token, or a hash of one. */
    private static final String TAG = ".*([tT]ag|[mM]ac|[tT]oken|[cC]hallenge|[aA]uthenticator|secretHash)";

    /** What compares {@code Bytes}. */
    private static final Set<String> OF_BYTES =
            Set.of("org.coppice.mls.codec.Bytes", Objects.class.getName(), Optional.class.getName());

    /** What those compare who have a tag or token in hand, besides. */
    private static final Map<String, String> BESIDE_TAGS = Map.of(
            "JoinChecks.check", "the tree hash",
            "GroupLoader.fillPast", "the tree hash",
            "World.agree", "epoch authenticators of members who are all in one process, for a demonstration");

    /** The classes through whose hands tokens, codes, challenges and keys of stores go. */
    private static final Set<String> BEARERS = Set.of(
            "Tokens",
            "OperatorToken",
            "UsedTokens",
            "OidcTokens",
            "Challenges",
            "Codes",
            "EnrolmentCode",
            "Login",
            "Grant",
            "StoreKey",
            "SealHeader",
            "Envelope",
            "Prf");

    /** What these compare besides. */
    private static final Map<String, String> NOT_BEARERS = Map.of(
            "Codes.objection",
                    "names, and hashes of public keys; the code is compared by SuiteCrypto.constantTimeEquals",
            "UsedTokens.use", "hashes of public keys",
            "OidcTokens.checkBinding", "the hash of a public key",
            "OidcTokens.checkParty", "names",
            "OidcTokens.user", "names and flags",
            "Login.token", "whether the server refused the one that was sent");

    /** Calls from one of our methods; what javac writes for records and lambdas is theirs. */
    private static Set<String> places(Predicate<JavaClass> in, Predicate<JavaAccess<?>> what) {
        return Compiled.CLASSES.stream()
                .filter(in)
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(what)
                .map(call -> nameOf(call.getOrigin()))
                .collect(Collectors.toSet());
    }

    private static String nameOf(JavaCodeUnit unit) {
        return unit.getOwner().getSimpleName() + "." + unit.getName();
    }

    @Test
    void runsOfBytesAreComparedAsFastAsItGoesOnlyWhereTheyArePublic() {
        assertThat(places(
                        type -> true,
                        call -> RUNS_OF_BYTES.contains(call.getTargetOwner().getName())
                                && COMPARING.contains(call.getTarget().getName())))
                .containsExactlyInAnyOrderElementsOf(PUBLIC.keySet());
    }

    /** {@code Bytes} stops at the first difference, and so does whatever asks it: records with a tag or token in them. */
    @Test
    void whoeverHasATagOrTokenInHandComparesNoBytes() {
        Set<String> comparing = Compiled.CLASSES.stream()
                // Those are judged more strictly.
                .filter(type -> !BEARERS.contains(type.getSimpleName()))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getAccessesFromSelf().stream().anyMatch(ConstantTimeTest::readsTag))
                .filter(unit -> unit.getAccessesFromSelf().stream().anyMatch(ConstantTimeTest::comparesBytes))
                .map(ConstantTimeTest::nameOf)
                .collect(Collectors.toSet());
        assertThat(comparing).containsExactlyInAnyOrderElementsOf(BESIDE_TAGS.keySet());
    }

    private static boolean readsTag(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().startsWith("org.coppice")
                && access.getTarget().getName().matches(TAG);
    }

    private static boolean comparesBytes(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return COMPARING.contains(access.getTarget().getName())
                && (OF_BYTES.contains(owner.getName())
                        || owner.getFields().stream()
                                .anyMatch(field -> field.getName().matches(TAG)));
    }

    @Test
    void everyBearerIsAClass() {
        Set<String> names =
                Compiled.CLASSES.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        assertThat(names).containsAll(BEARERS);
    }

    @Test
    void tokensAndCodesAreNotComparedWithEquals() {
        assertThat(places(
                        type -> BEARERS.contains(type.getSimpleName()),
                        call -> COMPARING.contains(call.getTarget().getName())))
                .containsExactlyInAnyOrderElementsOf(NOT_BEARERS.keySet());
    }

    @Test
    void whatComparesSecretsLeavesItToThePlatform() {
        assertThat(places(type -> true, call -> isCallOf(call, MessageDigest.class.getName(), "isEqual")))
                .containsExactlyInAnyOrderElementsOf(BY_THE_PLATFORM);
        assertThat(places(
                        type -> true,
                        call -> isCallOf(call, SuiteCrypto.class.getName(), "constantTimeEquals")
                                || isCallOf(call, SuiteCrypto.class.getName(), "verifyMac")
                                || isCallOf(call, Secret.class.getName(), "constantTimeEquals")))
                .containsExactlyInAnyOrderElementsOf(BY_OURS);
    }

    private static boolean isCallOf(JavaAccess<?> call, String owner, String method) {
        return call.getTargetOwner().getName().equals(owner)
                && call.getTarget().getName().equals(method);
    }

    @Test
    @Tag("R-6.2-05")
    void whoeverVerifiesATagUsesNoEquals() {
        Set<JavaCodeUnit> verifying = Compiled.CLASSES.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(ConstantTimeTest::verifies)
                .collect(Collectors.toSet());
        assertThat(verifying)
                .extracting(JavaCodeUnit::getName)
                .contains(
                        "verifyMac", "verifyConfirmationTag", "verifyMembershipTag", "isGenuine", "constantTimeEquals");
        assertThat(verifying.stream()
                        .flatMap(unit -> unit.getAccessesFromSelf().stream())
                        .filter(call -> COMPARING.contains(call.getTarget().getName())))
                .isEmpty();
    }

    /** All that compares in constant time, and of the protocol all that verifies. */
    private static boolean verifies(JavaCodeUnit unit) {
        boolean ofProtocol = unit.getOwner().getPackageName().startsWith("org.coppice.mls");
        return ofProtocol && unit.getName().startsWith("verify") || BY_THE_PLATFORM.contains(nameOf(unit));
    }

    @Test
    void secretsHaveNoEquals() {
        Stream<JavaClass> secrets = Compiled.CLASSES.stream()
                .filter(type -> type.getFields().stream()
                        .anyMatch(field -> field.getRawType().getName().equals(Secret.class.getName())))
                .filter(type -> !type.isRecord());
        Set<JavaClass> all = secrets.collect(Collectors.toSet());
        all.add(Compiled.CLASSES.get(Secret.class));
        assertThat(all).hasSizeGreaterThan(8);
        // A record's equals asks those of its parts, and a secret's is identity.
        assertThat(all.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> COMPARING.contains(method.getName()))
                        .filter(method -> !method.getName().equals("constantTimeEquals")))
                .isEmpty();
    }
}
