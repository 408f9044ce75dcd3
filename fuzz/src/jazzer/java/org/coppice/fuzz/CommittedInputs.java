package org.coppice.fuzz;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Begins with the seeds of a target. */
@java.lang.annotation.Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(CommittedInputs.Provider.class)
@interface CommittedInputs {
    /** The target. */
    Targets value();

    /** Reads them. */
    final class Provider implements ArgumentsProvider, AnnotationConsumer<CommittedInputs> {
        private Targets target;

        @Override
        public void accept(CommittedInputs annotation) {
            target = annotation.value();
        }

        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
                throws IOException {
            List<Arguments> inputs = new ArrayList<>();
            for (Path seed : Seeds.of(target)) {
                inputs.add(Arguments.of((Object) Files.readAllBytes(seed)));
            }
            return inputs.stream();
        }
    }
}
