package org.coppice.fuzz.mls;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.TlsReader;
import org.junit.jupiter.api.Test;

class DecodersTest {
    /** A number or a secret, read by others only. */
    private static final Set<String> PARTS = Set.of("SECRET");

    @Test
    void everyPublicDecoderIsFuzzed() {
        Set<String> missing = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .importPackages("org.coppice.mls", "org.coppice.delivery.api", "org.coppice.client.model")) {
            boolean decodes = type.getMethods().stream()
                    .anyMatch(method -> method.getName().equals("decode")
                            && method.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.STATIC))
                            && method.getRawParameterTypes().size() == 1
                            && method.getRawParameterTypes().get(0).isEquivalentTo(TlsReader.class));
            if (decodes && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                missing.add(constant(type));
            }
        }
        assertThat(missing).hasSizeGreaterThan(50);
        Arrays.stream(Decoders.values()).map(Enum::name).forEach(missing::remove);
        missing.removeAll(PARTS);
        assertThat(missing).isEmpty();
    }

    private static String constant(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        return name.replace('$', '_').replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    @Test
    void everyDecoderHasASeedThatItAccepts() {
        Set<String> accepted = new TreeSet<>();
        Seeds.of(Targets.DECODE).forEach(seed -> accepted.add(seed.getFileName().toString()));
        assertThat(Arrays.stream(Decoders.values())
                        .map(decoder -> "good-"
                                + decoder.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                .allMatch(accepted::contains);
    }
}
