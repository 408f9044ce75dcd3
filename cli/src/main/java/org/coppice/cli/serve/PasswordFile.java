package org.coppice.cli.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coppice.cli.CommandFailure;

/** A password that is not to be seen in the list of processes. */
final class PasswordFile {
    private PasswordFile() {}

    static String read(Path file) {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            String line = in.readLine();
            if (line == null || line.isEmpty()) {
                throw CommandFailure.input("no password in " + file, "it is expected in the first line");
            }
            return line;
        } catch (IOException e) {
            throw CommandFailure.input("cannot read the password in " + file, "check its name and permissions");
        }
    }
}
