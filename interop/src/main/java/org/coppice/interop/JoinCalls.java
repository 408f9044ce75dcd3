package org.coppice.interop;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.interop.wire.CreateGroupRequest;
import org.coppice.interop.wire.CreateGroupResponse;
import org.coppice.interop.wire.CreateKeyPackageRequest;
import org.coppice.interop.wire.CreateKeyPackageResponse;
import org.coppice.interop.wire.ExternalJoinRequest;
import org.coppice.interop.wire.ExternalJoinResponse;
import org.coppice.interop.wire.JoinGroupRequest;
import org.coppice.interop.wire.JoinGroupResponse;
import org.coppice.interop.wire.PreSharedKey;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.RatchetTree;

/** How clients become members. */
final class JoinCalls {
    private final Environment environment;
    private final Handles handles;

    JoinCalls(Environment environment, Handles handles) {
        this.environment = environment;
        this.handles = handles;
    }

    CreateGroupResponse createGroup(CreateGroupRequest request) throws MlsException {
        Participant participant = Participant.create(
                environment, Wire.suite(request.getCipherSuite()), Wire.bytes(request.getIdentity()));
        Membership member = new Membership(
                participant,
                participant.client().createGroup(Wire.bytes(request.getGroupId())),
                request.getEncryptHandshake());
        return CreateGroupResponse.newBuilder().setStateId(handles.put(member)).build();
    }

    CreateKeyPackageResponse createKeyPackage(CreateKeyPackageRequest request) throws MlsException {
        Joiner joiner = Joiner.of(Participant.create(
                environment, Wire.suite(request.getCipherSuite()), Wire.bytes(request.getIdentity())));
        return CreateKeyPackageResponse.newBuilder()
                .setKeyPackage(Wire.bytes(joiner.bundle().message()))
                .setInitPriv(Wire.exposed(joiner.bundle().initKeyPair().privateKey()))
                .setEncryptionPriv(Wire.exposed(joiner.bundle().leafKeyPair().privateKey()))
                .setSignaturePriv(
                        Wire.exposed(joiner.participant().signatureKeys().privateKey()))
                .setTransactionId(handles.put(joiner))
                .build();
    }

    JoinGroupResponse joinGroup(JoinGroupRequest request) throws MlsException {
        int transaction = request.getTransactionId();
        Joiner joiner = handles.get(transaction, Joiner.class);
        Membership member = joiner.join(
                request.getWelcome(), request.getRatchetTree(), Optional.empty(), request.getEncryptHandshake());
        handles.discard(transaction);
        return joined(member);
    }

    private JoinGroupResponse joined(Membership member) {
        return JoinGroupResponse.newBuilder()
                .setEpochAuthenticator(member.epochAuthenticator())
                .setStateId(handles.put(member))
                .build();
    }

    ExternalJoinResponse externalJoin(ExternalJoinRequest request) throws MlsException {
        GroupInfo info = Wire.groupInfo(request.getGroupInfo());
        Participant participant =
                Participant.create(environment, info.groupContext().cipherSuite(), Wire.bytes(request.getIdentity()));
        ExternalJoin join = participant.client().joinExternally(externalRequest(request, info, participant));
        Membership member = new Membership(participant, join.group(), request.getEncryptHandshake());
        return ExternalJoinResponse.newBuilder()
                .setCommit(Wire.bytes(join.commit()))
                .setEpochAuthenticator(member.epochAuthenticator())
                .setStateId(handles.put(member))
                .build();
    }

    private static org.coppice.mls.group.ExternalJoinRequest externalRequest(
            ExternalJoinRequest request, GroupInfo info, Participant participant) throws MlsException {
        SuiteCrypto crypto = participant.client().crypto();
        org.coppice.mls.group.ExternalJoinRequest out =
                org.coppice.mls.group.ExternalJoinRequest.of(Wire.message(request.getGroupInfo()));
        if (!request.getRatchetTree().isEmpty()) {
            out = out.withRatchetTree(Wire.bytes(request.getRatchetTree()));
        }
        RatchetTree tree = request.getRemovePrior() ? tree(info, request.getRatchetTree(), crypto) : null;
        Proposals proposals = new Proposals(info.groupContext(), tree, crypto);
        if (request.getRemovePrior()) {
            out = out.replacing(proposals.leafOf(Wire.bytes(request.getIdentity())));
        }
        List<PreSharedKeyId> ids = new ArrayList<>();
        for (PreSharedKey psk : request.getPsksList()) {
            participant.psks().put(Wire.bytes(psk.getPskId()), Wire.bytes(psk.getPskSecret()));
            ids.add(proposals.externalPskId(Wire.bytes(psk.getPskId())));
        }
        return out.withPsks(ids);
    }

    /** The tree that comes beside a GroupInfo or, if none does, in it. */
    static RatchetTree tree(GroupInfo info, ByteString beside, SuiteCrypto crypto) throws MlsException {
        Bytes encoded = beside.isEmpty()
                ? info.extensions()
                        .find(ExtensionType.RATCHET_TREE)
                        .orElseThrow(() -> new IllegalArgumentException("no ratchet tree is at hand"))
                : Wire.bytes(beside);
        TlsReader in = new TlsReader(encoded, DecodeLimits.DEFAULT);
        RatchetTree tree = RatchetTree.decode(in, crypto);
        in.expectEnd();
        return tree;
    }
}
