package org.coppice.mls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.message.ProposalRef;
import org.junit.jupiter.api.Test;

/**
 * Hash codes here are known to everybody, so that a stranger can choose names that have the same. A table of the platform stays fast
 * then only if its keys can be ordered; every table by other keys has a reason here why nobody fills it with such.
 */
class HashTablesTest {
    /** A bin that grows becomes a tree by their order. */
    private static final Set<Class<?>> ORDERED = Set.of(Bytes.class, ProposalRef.class);
    /** Few values, or numbers whose hash code is the number. */
    private static final Set<String> HARMLESS = Set.of(
            "Long",
            "LeafIndex",
            "NodeIndex",
            "CipherSuite",
            "CredentialType",
            "ExtensionType",
            "ProposalType",
            "AeadAlgorithm",
            "HashAlgorithm",
            "NamedCurve",
            "SignatureAlgorithm");
    /** One table each. */
    private static final Set<String> KNOWN = Set.of(
            // As many as a path has nodes, which is judged before.
            "HpkePublicKey in PathProcessor.java",
            // Of this client's own Updates.
            "HpkePublicKey in MemberState.java",
            // The signers that the application hands over.
            "SignaturePublicKey in GroupLoader.java",
            // The hash code is made of the reference's, a cryptographic hash, among others.
            "ResolvedProposal in ProposalSelection.java",
            // Compared by identity.
            "SkippedKey in SecretTree.java",
            // The application's.
            "X500Principal in CertificateSource.java",
            "TrustAnchor in X509CredentialValidator.java");

    private static final Pattern TABLE = Pattern.compile(
            "(?:Map|Set)<(\\w+)[,>][^=;()]*=\\s*(?:new (?:Linked)?Hash|new Concurrent|Set\\.copyOf|Map\\.copyOf)");
    private static final Pattern OTHER =
            Pattern.compile("Collectors\\.(?:toSet|toMap|groupingBy)|ConcurrentHashMap\\.newKeySet");

    @Test
    void noTableIsByNamesThatAStrangerCanMakeCollide() throws IOException {
        List<String> ordered = ORDERED.stream().map(Class::getSimpleName).toList();
        List<String> unknown = new ArrayList<>();
        int found = 0;
        for (Path file : sources()) {
            String source = Files.readString(file);
            assertThat(OTHER.matcher(source).find())
                    .as("%s makes a table in another way", file)
                    .isFalse();
            Matcher table = TABLE.matcher(source);
            while (table.find()) {
                found++;
                String key = table.group(1);
                String place = key + " in " + file.getFileName();
                if (!ordered.contains(key) && !HARMLESS.contains(key) && !KNOWN.contains(place)) {
                    unknown.add(place);
                }
            }
        }
        assertThat(found).isGreaterThan(25);
        assertThat(unknown).isEmpty();
    }

    @Test
    void namesAreOrdered() {
        assertThat(ORDERED).allMatch(Comparable.class::isAssignableFrom);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
