package org.coppice.delivery.api;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.CredentialType;

/**
 * Whose key packages are wanted, and of what kind: one for each client.
 *
 * @param target whose
 * @param cipherSuite the group's suite
 * @param required what the clients must support, as the group's required_capabilities say; what the group's members use besides, such
 *     as their credential types, belongs here too
 * @param understood the credential types that the group's members support; empty for any
 */
public record ClaimRequest(
        Target target, CipherSuite cipherSuite, RequiredCapabilities required, List<CredentialType> understood)
        implements Encodable {
    /** Checks that nothing is missing. */
    public ClaimRequest {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(required, "required");
        understood = List.copyOf(understood);
    }

    /** Whose key packages. */
    public sealed interface Target extends Encodable {
        /** Whether a key package of {@code client} is among those that are wanted. */
        boolean includes(ClientId client);
    }

    /**
     * Those of each client of a user.
     *
     * @param user the user
     */
    public record OfUser(UserName user) implements Target {
        /** Checks that it is there. */
        public OfUser {
            Objects.requireNonNull(user, "user");
        }

        @Override
        public boolean includes(ClientId client) {
            return client.user().equals(user);
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(user);
        }
    }

    /**
     * Those of one client.
     *
     * @param client the client
     */
    public record OfClient(ClientId client) implements Target {
        /** Checks that it is there. */
        public OfClient {
            Objects.requireNonNull(client, "client");
        }

        @Override
        public boolean includes(ClientId other) {
            return other.equals(client);
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).struct(client);
        }
    }

    /** One for each client of {@code user}, without further wishes. */
    public static ClaimRequest of(UserName user, CipherSuite cipherSuite) {
        return new ClaimRequest(
                new OfUser(user), cipherSuite, new RequiredCapabilities(List.of(), List.of(), List.of()), List.of());
    }

    /** One of {@code client}, without further wishes. */
    public static ClaimRequest of(ClientId client, CipherSuite cipherSuite) {
        return new ClaimRequest(
                new OfClient(client),
                cipherSuite,
                new RequiredCapabilities(List.of(), List.of(), List.of()),
                List.of());
    }

    /** Reads what {@link #encodeTo} wrote. */
    public static ClaimRequest decode(TlsReader in) throws DecodeException {
        return new ClaimRequest(
                target(in), CipherSuite.decode(in), RequiredCapabilities.decode(in), in.list(CredentialType::decode));
    }

    private static Target target(TlsReader in) throws DecodeException {
        int offset = in.offset();
        int tag = in.uint8();
        return switch (tag) {
            case 1 -> new OfUser(UserName.decode(in));
            case 2 -> new OfClient(ClientId.decode(in));
            default -> throw Nested.unknownTag(tag, offset, "claim target");
        };
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(target).struct(cipherSuite).struct(required).list(understood);
    }
}
