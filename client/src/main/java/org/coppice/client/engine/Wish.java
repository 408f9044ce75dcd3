package org.coppice.client.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.Payload;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;

/** What shall happen in a conversation, in words that hold in any epoch: kept until the log shows that it happened. */
sealed interface Wish extends Encodable {
    /** To say something. */
    record Send(Payload payload) implements Wish {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(payload);
        }
    }

    /**
     * To add the clients of some users, or single clients.
     *
     * @param invitations whom, with the key packages that were claimed for them
     */
    record Invite(List<Invitation> invitations) implements Wish {
        public Invite {
            invitations = List.copyOf(invitations);
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).list(invitations);
        }
    }

    /** To remove clients. */
    record Remove(List<ClientId> clients) implements Wish {
        public Remove {
            clients = List.copyOf(clients);
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3).list(clients);
        }
    }

    /** To leave. */
    record Leave() implements Wish {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(4);
        }
    }

    /** To give the conversation another name. */
    record Rename(String name) implements Wish {
        @Override
        public void encodeTo(TlsWriter out) {
            Texts.write(out.uint8(5), name);
        }
    }

    /** To refresh the own keys, and to put the present identity in the place of a former one. */
    record Refresh() implements Wish {
        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(6);
        }
    }

    /**
     * One invited user or client.
     *
     * @param claim the request by which its key packages are claimed
     * @param claimed what the claim gave, once it was answered
     */
    record Invitation(ClaimRequest.Target target, RequestId claim, Optional<ClaimResult> claimed) implements Encodable {
        public Invitation {
            Objects.requireNonNull(target, "target");
        }

        Invitation with(ClaimResult result) {
            return new Invitation(target, claim, Optional.of(result));
        }

        /** The clients of the target that are known of; whoever else the service answered for was not asked for. */
        Set<ClientId> clients() {
            Set<ClientId> out = new LinkedHashSet<>();
            if (target instanceof ClaimRequest.OfClient one) {
                out.add(one.client());
            }
            claimed.ifPresent(result -> {
                result.claimed().forEach(one -> out.add(one.client()));
                out.addAll(result.without());
            });
            out.removeIf(client -> !target.includes(client));
            return out;
        }

        /** The clients of the target whose key packages have these references. */
        List<ClientId> clientsOf(List<KeyPackageRef> refs, SuiteCrypto crypto) {
            return claimed.map(ClaimResult::claimed).orElse(List.of()).stream()
                    .filter(one -> target.includes(one.client())
                            && one.keyPackage().body() instanceof MlsMessage.KeyPackage body
                            && refs.contains(new KeyPackageRef(body.keyPackage().ref(crypto))))
                    .map(ClaimResult.Claimed::client)
                    .toList();
        }

        static Invitation decode(TlsReader in) throws DecodeException {
            int tag = in.uint8();
            ClaimRequest.Target target = tag == 1
                    ? new ClaimRequest.OfUser(UserName.decode(in))
                    : new ClaimRequest.OfClient(ClientId.decode(in));
            return new Invitation(target, RequestId.decode(in), in.optional(ClaimResult::decode));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(target).struct(claim).optional(claimed);
        }
    }

    static Wish decode(TlsReader in) throws DecodeException {
        int tag = in.uint8();
        return switch (tag) {
            case 1 -> new Send(Payload.decode(in));
            case 2 -> new Invite(in.list(Invitation::decode));
            case 3 -> new Remove(in.list(ClientId::decode));
            case 4 -> new Leave();
            case 5 -> new Rename(name(in));
            case 6 -> new Refresh();
            default -> throw in.error(Rule.STORED_STATE, "a wish of kind " + tag);
        };
    }

    private static String name(TlsReader in) throws DecodeException {
        try {
            return ConversationInfo.requireName(Texts.read(in));
        } catch (IllegalArgumentException e) {
            throw in.error(Rule.STORED_STATE, "a name that cannot be");
        }
    }
}
