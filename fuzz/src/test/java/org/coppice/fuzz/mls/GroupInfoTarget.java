package org.coppice.fuzz.mls;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Seeds;
import org.coppice.fuzz.Target;
import org.coppice.fuzz.Targets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.RatchetTree;

/**
 * A GroupInfo at judy, who joins from outside by it, and at an observer who begins with it. The first byte says what the rest is: a whole
 * {@code MLSMessage}; a {@code GroupInfo} that its signer signs rightly; or the {@code ratchet_tree} of one, whose tree hash fits and
 * which is signed rightly, so that only the tree can be refused.
 *
 * <p>What judy can join by, an observer can begin with. A refusal leaves nothing in the store. A whole message comes from somebody
 * without a key: it is taken only if it is one of the seeds, as the signature covers it all and has one form in this suite.
 */
public final class GroupInfoTarget implements Target {
    private static final Decoder<GroupInfo> GROUP_INFO = GroupInfo::decode;
    private static final int WHOLE = 0;

    private final World world;
    private final Person judy;
    private final SuiteCrypto crypto;
    private final GroupInfo genuine;
    /** The seeds that are whole messages. */
    private final Set<MlsMessage> signed = new HashSet<>();

    public GroupInfoTarget() throws MlsException {
        world = new World();
        judy = world.person("judy");
        crypto = judy.client().crypto();
        MlsMessage info = world.person("alice").group().groupInfo(true);
        genuine = ((MlsMessage.GroupInfo) info.body()).groupInfo();
        for (Bytes seed : Seeds.good(Targets.GROUP_INFO)) {
            if (seed.at(0) == WHOLE) {
                signed.add(MlsMessage.decode(seed.slice(1, seed.length() - 1).toByteArray()));
            }
        }
    }

    @Override
    public Allowance allowance() {
        return Bounds.LIVE_GROUP;
    }

    @Override
    public Outcome run(byte[] input) throws MlsException {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        MlsMessage message;
        try {
            message = switch (input[0] & 3) {
                case WHOLE -> MlsMessage.decode(rest);
                case 1 -> sign(GROUP_INFO.decodeAll(rest));
                default -> withTree(rest);
            };
        } catch (DecodeException e) {
            return Outcome.REFUSED;
        }
        if (!(message.body() instanceof MlsMessage.GroupInfo)) {
            return Outcome.REFUSED; // the caller's mistake, and documented so
        }
        Outcome outcome = join(message);
        if ((input[0] & 3) == WHOLE && !signed.contains(message) && (outcome == Outcome.ACCEPTED || follow(message))) {
            throw new Escape("a GroupInfo was taken that nobody signed");
        }
        return outcome;
    }

    private Outcome join(MlsMessage message) throws MlsException {
        judy.reset();
        ExternalJoin join;
        try {
            join = judy.client().joinExternally(message);
        } catch (MlsException e) {
            follow(message);
            if (!judy.client().environment().store().groups().isEmpty()) {
                throw new Escape("a refused GroupInfo left a group behind", e);
            }
            return Outcome.REFUSED;
        }
        try (Group group = join.group()) {
            judy.assertStored(group);
            group.encrypt(new byte[] {1});
        }
        if (!follow(message)) {
            throw new Escape("an observer refused the GroupInfo of a group that can be joined");
        }
        return Outcome.ACCEPTED;
    }

    private boolean follow(MlsMessage message) {
        try {
            PublicGroup.follow(judy.client().environment(), message, Optional.empty())
                    .initialChange();
            return true;
        } catch (MlsException e) {
            return false;
        }
    }

    private MlsMessage sign(GroupInfo info) throws MlsException {
        return sign(info, info.groupContext(), info.extensions());
    }

    private MlsMessage sign(GroupInfo info, GroupContext context, Extensions extensions) throws MlsException {
        Person signer = world.at(info.signer()).orElse(world.person("alice"));
        return new MlsMessage(new MlsMessage.GroupInfo(GroupInfo.sign(
                context,
                extensions,
                info.confirmationTag(),
                info.signer(),
                crypto,
                signer.client().signer())));
    }

    private MlsMessage withTree(byte[] encoded) throws MlsException {
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        Bytes hash = decoder.decodeAll(encoded).treeHash();
        GroupContext context = genuine.groupContext();
        return sign(
                genuine,
                new GroupContext(
                        context.version(),
                        context.cipherSuite(),
                        context.groupId(),
                        context.epoch(),
                        hash,
                        context.confirmedTranscriptHash(),
                        context.extensions()),
                genuine.extensions().with(new Extension(ExtensionType.RATCHET_TREE, Bytes.copyOf(encoded))));
    }
}
