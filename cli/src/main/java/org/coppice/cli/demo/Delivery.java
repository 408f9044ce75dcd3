package org.coppice.cli.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;

/**
 * A delivery service in memory (RFC 9750 §5): one log for each group, key packages and Welcomes for each client. It sees bytes
 * and what stands on their outside, and accepts one Commit for each epoch.
 */
final class Delivery {
    private final Map<Bytes, List<Bytes>> logs = new HashMap<>();
    private final Map<Bytes, Long> epochs = new HashMap<>();
    private final Map<Bytes, Bytes> groupInfos = new HashMap<>();
    private final Map<String, Deque<Bytes>> keyPackages = new HashMap<>();
    private final Map<String, Deque<Bytes>> welcomes = new HashMap<>();
    private long bytes;

    /**
     * Takes a message for a group.
     *
     * @return whether it was accepted: a Commit is refused if its epoch has ended already
     */
    boolean post(Bytes groupId, Bytes message) {
        Header header = header(message);
        long current = epochs.getOrDefault(groupId, 0L);
        if (header.type == ContentType.COMMIT) {
            if (header.epoch != current) {
                return false;
            }
            epochs.put(groupId, current + 1);
        }
        bytes += message.length();
        logs.computeIfAbsent(groupId, id -> new ArrayList<>()).add(message);
        return true;
    }

    /** What anybody can see of a message on its way. */
    private record Header(long epoch, ContentType type) {}

    private static Header header(Bytes bytes) {
        try {
            MlsMessage.Body body =
                    MlsMessage.decode(bytes, DecodeLimits.DEFAULT).body();
            if (body instanceof PrivateMessage message) {
                return new Header(message.epoch(), message.contentType());
            }
            if (body instanceof PublicMessage message) {
                return new Header(
                        message.authenticated().content().epoch(),
                        message.authenticated().content().content().type());
            }
            throw new IllegalArgumentException("not for a group");
        } catch (DecodeException e) {
            throw new IllegalArgumentException("clients of the demo send what can be read", e);
        }
    }

    /** All messages of a group, in their order. */
    List<Bytes> log(Bytes groupId) {
        return logs.getOrDefault(groupId, List.of());
    }

    /** How many bytes went through the logs. */
    long bytes() {
        return bytes;
    }

    void publishGroupInfo(Bytes groupId, Bytes groupInfo) {
        groupInfos.put(groupId, groupInfo);
    }

    Optional<Bytes> groupInfo(Bytes groupId) {
        return Optional.ofNullable(groupInfos.get(groupId));
    }

    void publishKeyPackage(String owner, Bytes keyPackage) {
        keyPackages.computeIfAbsent(owner, name -> new ArrayDeque<>()).add(keyPackage);
    }

    /** Hands out a key package, to be used once. */
    Bytes claimKeyPackage(String owner) {
        return keyPackages.get(owner).remove();
    }

    void sendWelcome(String receiver, Bytes welcome) {
        welcomes.computeIfAbsent(receiver, name -> new ArrayDeque<>()).add(welcome);
    }

    Bytes nextWelcome(String receiver) {
        return welcomes.get(receiver).remove();
    }
}
