package org.coppice.testkit.attack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.KeyPackage;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;

/** What happens in an {@link Offshoot}: its members join, and each sends a message. */
record OffshootLife(Offshoot offshoot, Map<Scene.Actor, Group> groups) {

    /** Brings all in. */
    static OffshootLife begin(
            Scene.Actor creator, Successor successor, Map<Scene.Actor, KeyPackageBundle> invited, int time)
            throws MlsException {
        MlsMessage welcome = Scene.wire(successor.commit().welcome().orElseThrow());
        Map<String, KeyPackage> keyPackages = new HashMap<>();
        Map<Scene.Actor, Group> groups = new LinkedHashMap<>();
        groups.put(creator, successor.group());
        for (Map.Entry<Scene.Actor, KeyPackageBundle> guest : invited.entrySet()) {
            Scene.Actor actor = guest.getKey();
            keyPackages.put(actor.name(), guest.getValue().keyPackage());
            JoinRequest request = JoinRequest.of(welcome, List.of(guest.getValue()));
            groups.put(actor, actor.client().join(request.withPredecessor(actor.group())));
        }
        successor.group().merge(successor.commit());
        Offshoot offshoot = new Offshoot(
                creator.group().epoch(),
                time,
                creator.name(),
                keyPackages,
                ((MlsMessage.Welcome) welcome.body()).welcome(),
                successor.commit().base(),
                successor.group().state());
        return new OffshootLife(offshoot, groups);
    }

    static List<KeyPackage> keyPackages(Map<Scene.Actor, KeyPackageBundle> invited) {
        return invited.values().stream().map(KeyPackageBundle::keyPackage).toList();
    }

    /** A message of each, which some have read. */
    List<SentMessage> talk(SeededRandomness random) throws MlsException {
        List<SentMessage> out = new ArrayList<>();
        for (Map.Entry<Scene.Actor, Group> sender : groups.entrySet()) {
            Bytes data = Bytes.wrap(random.bytes(1 + random.below(40)));
            MlsMessage message = Scene.wire(sender.getValue().encrypt(data.toByteArray()));
            SentMessage sent = new SentMessage(
                    offshoot.made(),
                    offshoot.state().epoch(),
                    sender.getKey().name(),
                    message,
                    data,
                    Optional.of(offshoot));
            out.add(sent);
            for (Map.Entry<Scene.Actor, Group> receiver : groups.entrySet()) {
                if (receiver.getKey() != sender.getKey() && random.chance(50)) {
                    sent.deliver(receiver.getKey().name(), receiver.getValue());
                }
            }
        }
        return out;
    }
}
