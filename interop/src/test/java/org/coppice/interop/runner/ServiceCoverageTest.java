package org.coppice.interop.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.interop.wire.MlsClientProto;
import org.coppice.interop.wire.ProposalDescription;
import org.junit.jupiter.api.Test;

/** Sees to it that the project's own scripts leave nothing of the service unused. */
class ServiceCoverageTest {
    private static final List<String> PROPOSALS =
            List.of("add", "remove", "externalPSK", "resumptionPSK", "groupContextExtensions", "reinit");

    /** What no script is to use. */
    private static final Set<String> UNUSED = Set.of(
            // Which implementation answers is nothing that a script could ask.
            "Name",
            // The runner leaves it at 0, and the service does not read it.
            "ExternalSignerProposal.signer_index",
            // A group is ended by ReInitCommit alone, which the runner gives the one proposal as it was sent.
            "Commit(reinit)",
            "ReInitCommit.by_value",
            "ReInitCommit.force_path=true",
            "ReInitCommit.external_tree=true");

    @Test
    void theOwnScriptsUseEachCallAndEachOption() throws IOException {
        RecordedCalls calls = new RecordedCalls();
        try (Troupe troupe = new Troupe(calls)) {
            boolean encrypt = false;
            for (Script script : OwnScripts.all()) {
                encrypt = !encrypt;
                troupe.play(script, 1, encrypt, 0, 9420);
            }
        }
        Set<String> expected = everything();
        assertThat(expected).as("what is left out on purpose").containsAll(UNUSED);
        expected.removeAll(UNUSED);
        assertThat(calls.seen()).containsAll(expected).doesNotContainAnyElementsOf(UNUSED);
    }

    @Test
    void theOwnScriptsUseEachAction() throws IOException {
        assertThat(OwnScripts.all().stream()
                        .flatMap(script -> script.steps().stream())
                        .map(step -> step.text("action")))
                .containsAll(Play.actions());
    }

    private static Set<String> everything() {
        Set<String> out = new TreeSet<>();
        for (MethodDescriptor method :
                MlsClientProto.getDescriptor().getServices().get(0).getMethods()) {
            String call = method.getName();
            out.add(call);
            for (FieldDescriptor field : method.getInputType().getFields()) {
                if (field.getJavaType() == JavaType.BOOLEAN) {
                    out.add(call + "." + field.getName() + "=true");
                    out.add(call + "." + field.getName() + "=false");
                } else {
                    out.add(call + "." + field.getName());
                }
                if (!UNUSED.contains(call + "." + field.getName())
                        && field.getJavaType() == JavaType.MESSAGE
                        && field.getMessageType().equals(ProposalDescription.getDescriptor())) {
                    PROPOSALS.forEach(type -> out.add(call + "(" + type + ")"));
                }
            }
        }
        return out;
    }
}
