package org.coppice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Welcome;

/**
 * Welcomes two clients of any implementation into a group whose tree is full, so that it can be measured in the same group as this
 * library without playing all other members. Both have to commit once before the nodes above them are filled.
 *
 * <p>Run it by {@code bench/run welcome MEMBERS FIRST LAST OUT}: FIRST and LAST are files with an MLSMessage that holds a KeyPackage of
 * suite 1, for the first and the last leaf; OUT becomes an MLSMessage that holds the Welcome, with the tree in it.
 */
public final class PeerWelcome {
    private PeerWelcome() {}

    /**
     * Writes the Welcome.
     *
     * @param args as the class comment says
     * @throws IOException if a file cannot be read or written
     * @throws MlsException if a file holds no key package of suite 1
     */
    public static void main(String[] args) throws IOException, MlsException {
        if (args.length != 4 || !args[0].matches("[1-9][0-9]{0,6}") || Integer.parseInt(args[0]) < 3) {
            System.err.println(
                    "bench: a Welcome takes MEMBERS (3 or more), the files of two key packages, and the file to write");
            System.exit(2);
        }
        Welcome welcome = new FullTree(Integer.parseInt(args[0]))
                .welcome(keyPackage(Path.of(args[1])), keyPackage(Path.of(args[2])));
        Files.write(Path.of(args[3]), new MlsMessage(new MlsMessage.Welcome(welcome)).encoded());
    }

    private static KeyPackage keyPackage(Path file) throws IOException, MlsException {
        if (MlsMessage.decode(Files.readAllBytes(file)).body() instanceof MlsMessage.KeyPackage message) {
            return message.keyPackage();
        }
        throw new IOException(file + " holds another kind of message than a KeyPackage");
    }
}
