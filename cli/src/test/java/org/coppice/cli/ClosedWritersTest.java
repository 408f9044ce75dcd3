package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.util.List;
import org.coppice.mls.codec.SecretWriter;
import org.junit.jupiter.api.Test;

/** Secrets are only written into a {@link SecretWriter}, for the compiler takes nothing else; and whoever makes one closes it. */
class ClosedWritersTest {
    private static boolean calls(JavaCodeUnit unit, String method) {
        return calls(unit).stream().anyMatch(call -> call.getTarget().getName().equals(method));
    }

    private static List<JavaCall<?>> calls(JavaCodeUnit unit) {
        return unit.getCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getName().equals(SecretWriter.class.getName()))
                .toList();
    }

    @Test
    void whoeverMakesAWriterForSecretsClosesIt() {
        List<JavaCodeUnit> makers = Compiled.CLASSES.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> calls(unit, "<init>"))
                .toList();
        assertThat(makers).hasSizeGreaterThan(8).allMatch(maker -> calls(maker, "close"));
    }
}
