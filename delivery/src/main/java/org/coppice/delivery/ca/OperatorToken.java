package org.coppice.delivery.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.coppice.delivery.engine.OwnerOnly;
import org.coppice.mls.crypto.Randomness;

/** What shows that somebody is the operator, who may make codes and revoke certificates for everybody. Immutable. */
public final class OperatorToken {
    private static final String FILE = "operator-token";
    private static final int BYTES = 32;
    private static final int MIN_LENGTH = 20;

    private final byte[] token;

    private OperatorToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A token that the operator chose.
     *
     * @throws IllegalArgumentException if it has fewer than 20 characters
     */
    public static OperatorToken of(String token) {
        if (token.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("an operator's token has at least 20 characters");
        }
        return new OperatorToken(token);
    }

    /** The token in {@code operator-token} in {@code directory}, which only the owner may read; a random one if it is not there. */
    public static OperatorToken openOrCreate(Path directory, Randomness randomness) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(randomness.bytes(BYTES));
            try {
                Files.createFile(file, OwnerOnly.attributes(file));
                Files.writeString(file, fresh + "\n");
            } catch (FileAlreadyExistsException e) {
                // Another process was first: its token counts.
            }
        }
        return of(Files.readString(file).strip());
    }

    /** Whether {@code shown} is this token; takes as long whatever it is. */
    public boolean is(String shown) {
        return MessageDigest.isEqual(token, shown.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "OperatorToken";
    }
}
