package org.coppice.interop.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.crypto.CipherSuite.MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.mls.crypto.CipherSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays the scripts of {@code src/test/resources/scenarios} in every suite, with private and public handshakes, the actors spread over
 * three servers with different cryptography. The four suites with slow curves play each script with one of the two kinds of handshake,
 * in turn. With {@code -Dinterop.configs=DIR}, the scripts in the files of a directory, too: the working group's, say, of which
 * {@code deep_random.json} takes minutes.
 */
class InteropScriptsTest {
    private static final long SEED = 9420;

    private static Troupe troupe;

    @BeforeAll
    static void raise() throws IOException {
        troupe = new Troupe();
    }

    @AfterAll
    static void lower() {
        troupe.close();
    }

    @TestFactory
    Stream<DynamicNode> ownScripts() throws IOException {
        List<DynamicNode> out = new ArrayList<>();
        for (String file : OwnScripts.FILES) {
            out.add(dynamicContainer(file, OwnScripts.of(file).stream().map(InteropScriptsTest::performances)));
        }
        return out.stream();
    }

    @TestFactory
    Stream<DynamicNode> scriptsOfADirectory() throws IOException {
        String directory = System.getProperty("interop.configs", "");
        if (directory.isEmpty()) {
            return Stream.empty();
        }
        List<DynamicNode> out = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    String name = file.getFileName().toString();
                    out.add(dynamicContainer(name, Script.read(in).stream().map(InteropScriptsTest::performances)));
                }
            }
        }
        assertThat(out).as("scripts in " + directory).isNotEmpty();
        return out.stream();
    }

    private static DynamicNode performances(Script script) {
        List<DynamicTest> out = new ArrayList<>();
        for (CipherSuite suite : CipherSuite.STANDARD) {
            boolean isSlow = suite.compareTo(MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448) >= 0;
            boolean inTurn = (script.name().length() + suite.value()) % 2 == 0;
            for (boolean encrypt : new boolean[] {true, false}) {
                if (isSlow && encrypt != inTurn) {
                    continue;
                }
                // Another server begins in each, so that each source of cryptography comes into each role.
                int first = out.size();
                out.add(dynamicTest(suite.value() + (encrypt ? ", private" : ", public"), () -> {
                    assertThat(troupe.play(script, suite.value(), encrypt, first, SEED))
                            .isNotEmpty();
                }));
            }
        }
        return dynamicContainer(script.name(), out.stream());
    }
}
