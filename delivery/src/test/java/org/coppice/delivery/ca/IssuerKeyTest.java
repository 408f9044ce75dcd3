package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.mls.crypto.Randomness;
import org.coppice.testkit.SetClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the authority's key comes from. */
class IssuerKeyTest {
    private final SetClock clock = new SetClock();

    @TempDir
    Path directory;

    @Test
    void theFirstStartMakesAKeyThatLaterStartsFind() throws Exception {
        IssuerKey first = IssuerKey.openOrCreate(directory, clock);
        IssuerKey second = IssuerKey.openOrCreate(directory, clock);
        assertThat(second.anchor()).isEqualTo(first.anchor());
        assertThat(second.key()).isEqualTo(first.key());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("authority.p12");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("authority.p12"))))
                .isEqualTo("rw-------");
    }

    @Test
    void twoAuthoritiesHaveTwoNames() throws Exception {
        IssuerKey one = IssuerKey.openOrCreate(directory.resolve("one"), clock);
        IssuerKey two = IssuerKey.openOrCreate(directory.resolve("two"), clock);
        assertThat(one.anchor().getSubjectX500Principal())
                .isNotEqualTo(two.anchor().getSubjectX500Principal());
    }

    @Test
    @Tag("A-8.4.3-01")
    void aKeyStoreOfTheOperatorIsTakenWithItsPassword() throws Exception {
        RootMaker.Root root = RootMaker.make(clock);
        Path file = store("secret", root.key(), root.certificate());
        assertThat(IssuerKey.open(file, "secret".toCharArray()).anchor()).isEqualTo(root.certificate());
        assertThatThrownBy(() -> IssuerKey.open(file, "wrong".toCharArray())).isInstanceOf(IOException.class);
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() {
        RootMaker.Root root = RootMaker.make(clock);
        assertThatThrownBy(() -> IssuerKey.of(RootMaker.make(clock).key(), List.of(root.certificate())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IssuerKey.of(
                        root.key(),
                        List.of(root.certificate(), RootMaker.make(clock).certificate())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IssuerKey.of(root.key(), List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theOperatorsTokenIsMadeOnceAndKeptFromOthers() throws Exception {
        OperatorToken token = OperatorToken.openOrCreate(directory, Randomness.system());
        Path file = directory.resolve("operator-token");
        String text = Files.readString(file).strip();
        assertThat(token.is(text)).isTrue();
        assertThat(token.is(text + "x")).isFalse();
        assertThat(token.is("")).isFalse();
        assertThat(OperatorToken.openOrCreate(directory, Randomness.system()).is(text))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(token.toString()).doesNotContain(text);
    }

    private Path store(String password, PrivateKey key, Certificate... chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("ca", key, password.toCharArray(), chain);
        Path file = directory.resolve("operator.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        assertThat(IssuerKey.of(store, Optional.of("ca"), password.toCharArray())
                        .anchor())
                .isEqualTo(chain[chain.length - 1]);
        return file;
    }
}
