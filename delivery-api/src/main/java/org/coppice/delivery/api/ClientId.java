package org.coppice.delivery.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.error.DecodeException;

/**
 * One client of a user, the unit of membership in groups (RFC 9750 §3.7). As text {@code alice/laptop}; the same text in UTF-8 is the
 * identity in its basic credential.
 *
 * @param user whose client it is
 * @param device which of the user's: 1 to 32 of {@code a-z 0-9 -}, beginning with a letter or a digit
 */
public record ClientId(UserName user, String device) implements Encodable, Comparable<ClientId> {
    /** The longest name of a device, in characters. */
    public static final int MAX_DEVICE_LENGTH = 32;

    private static final int MAX_LENGTH = UserName.MAX_LENGTH + 1 + MAX_DEVICE_LENGTH;

    /** Throws {@link IllegalArgumentException} if {@code device} is no name of a device. */
    public ClientId {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(device, "device");
        if (!Text.isName(device, MAX_DEVICE_LENGTH, "-")) {
            throw new IllegalArgumentException(
                    "a device name has 1 to 32 of a-z 0-9 - and begins with a letter or digit");
        }
    }

    /**
     * The client that a text like {@code alice/laptop} names.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static ClientId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a client is named by its user, a slash, and its device");
        }
        return new ClientId(new UserName(text.substring(0, slash)), text.substring(slash + 1));
    }

    /** The client that an identity in a credential names, if it names one. */
    public static Optional<ClientId> ofIdentity(Bytes identity) {
        try {
            return Optional.of(parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(identity.toByteArray()))
                    .toString()));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The identity in this client's basic credential: its text in UTF-8. */
    public Bytes identity() {
        return Text.bytes(toString());
    }

    /** This client's basic credential. */
    public Credential basicCredential() {
        return Credential.basic(identity());
    }

    /** The URI that names this client in the subject alternative names of its certificate: {@code coppice:alice/laptop}. */
    public String uri() {
        return "coppice:" + this;
    }

    /** Reads {@code opaque client_id<V>}. */
    public static ClientId decode(TlsReader in) throws DecodeException {
        return Text.read(in, MAX_LENGTH, ClientId::parse, "a client id");
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(identity());
    }

    @Override
    public int compareTo(ClientId other) {
        int order = user.compareTo(other.user);
        return order != 0 ? order : device.compareTo(other.device);
    }

    /** The text form, {@code alice/laptop}. */
    @Override
    public String toString() {
        return user.value() + "/" + device;
    }
}
