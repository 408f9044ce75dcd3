package org.coppice.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.mls.crypto.Randomness;
import picocli.CommandLine.Option;

/** By what the server knows its operator. */
final class OperatorOptions {
    @Option(
            names = "--operator-token-file",
            paramLabel = "FILE",
            description =
                    "the first line of this file shows who is the operator, who gives names back (coppice admin), makes codes "
                            + "and revokes (default: operator-token in --data, made at the first start; with --postgres none, "
                            + "unless there is --authority)")
    private Path file;

    /**
     * The token, if there is one.
     *
     * @param data where it is if no other file is given
     * @param made whether it is made then, if it is not there
     */
    Optional<OperatorToken> token(Path data, boolean made) {
        try {
            if (file != null) {
                return Optional.of(OperatorToken.of(PasswordFile.read(file)));
            }
            return made ? Optional.of(OperatorToken.openOrCreate(data, Randomness.system())) : Optional.empty();
        } catch (IOException e) {
            throw CommandFailure.input(
                    "the operator's token cannot be read: " + e.getMessage(), "see coppice serve --help");
        }
    }

    /** Where it is. */
    Path file(Path data) {
        return file == null ? data.resolve("operator-token") : file;
    }
}
