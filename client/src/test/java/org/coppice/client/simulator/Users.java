package org.coppice.client.simulator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.ConversationStatus;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Receipt;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/** What people do with their clients, and what they were promised. */
final class Users {
    private static final int MAX_GROUPS = 2;

    private final Life life;
    private final Climate climate;
    private final Random random;
    private final List<Said> said = new ArrayList<>();
    private int counter;

    Users(Life life, Climate climate) {
        this.life = life;
        this.climate = climate;
        this.random = life.random();
    }

    /**
     * A message that a client has taken.
     *
     * @param promise what its user was told
     * @param tick when
     * @param epoch which epoch the sender was in before
     */
    record Said(MessageId id, String text, Actor sender, Bytes groupId, Promise promise, long tick, long epoch) {}

    /** What a user may rely on. */
    enum Promise {
        /** It is kept, and will be sent. */
        KEPT,
        /** It is in the log. */
        DONE,
        /** It was taken back, and nobody will read it. */
        CANCELLED
    }

    List<Said> said() {
        return said;
    }

    /** Does something with the client of an actor. */
    void act(Actor actor) throws DeliveryException, IOException {
        if (life.happens(climate.losesState())) {
            life.note(actor, "loses its store");
            actor.loseState(life.newDisk(life.actors().indexOf(actor)));
            comeBack(actor);
            return;
        }
        if (climate.rollsBack() > 0 && !actor.hasBackup() && random.nextInt(8) == 0) {
            life.note(actor, "backs its store up");
            actor.backUp();
        }
        if (actor.hasBackup() && life.happens(climate.rollsBack())) {
            life.note(actor, "is rolled back");
            actor.rollBack();
            if (random.nextBoolean()) {
                comeBack(actor);
                return;
            }
        }
        CoppiceClient client = actor.running();
        List<Conversation> open = client.conversations().stream()
                .filter(one -> one.view().status() != ConversationStatus.REMOVED)
                .toList();
        int groups = life.groups().groups().size();
        if (groups == 0 || groups < MAX_GROUPS && random.nextInt(25) == 0) {
            create(actor, client);
        } else if (open.isEmpty()) {
            life.note(actor, "syncs");
            client.sync();
        } else {
            act(actor, client, open.get(random.nextInt(open.size())));
        }
    }

    private void comeBack(Actor actor) throws DeliveryException, IOException {
        CoppiceClient client = actor.running();
        client.sync();
        for (Bytes groupId : client.recoverable()) {
            life.note(actor, "comes back");
            client.rejoin(groupId);
        }
    }

    private void create(Actor actor, CoppiceClient client) {
        life.note(actor, "creates a conversation");
        ConversationOptions options = ConversationOptions.named("group " + counter++);
        Conversation conversation =
                client.createConversation(climate.privateHandshakes() ? options.withPrivateHandshakes() : options);
        List<UserName> others = life.actors().stream()
                .filter(one -> one != actor && one.client().isPresent())
                .map(one -> one.id().user())
                .toList();
        if (!others.isEmpty()) {
            conversation.invite(others, List.of());
        }
    }

    private void act(Actor actor, CoppiceClient client, Conversation conversation)
            throws DeliveryException, IOException {
        int choice = random.nextInt(100);
        if (choice < 35) {
            say(actor, conversation);
        } else if (choice < 50) {
            life.note(actor, "syncs");
            client.sync();
        } else if (choice < 64) {
            invite(actor, conversation);
        } else if (choice < 71) {
            life.note(actor, "renames");
            conversation.rename("name " + counter++);
        } else if (choice < 78) {
            life.note(actor, "refreshes");
            conversation.refresh();
        } else if (choice < 83) {
            remove(actor, conversation);
        } else if (choice < 87) {
            life.note(actor, "leaves");
            conversation.leave();
        } else if (choice < 91) {
            rotate(actor, client);
        } else if (choice < 95) {
            sayAndCancel(actor, conversation);
        } else {
            life.note(actor, "restarts");
            actor.stop();
            actor.running().sync();
        }
    }

    private void say(Actor actor, Conversation conversation) throws DeliveryException, IOException {
        String text = actor + " " + counter++;
        life.note(actor, "says " + text);
        long epoch = conversation.view().epoch();
        if (random.nextBoolean()) {
            promised(actor, conversation, epoch, text, conversation.send(text));
        } else {
            promised(actor, conversation, epoch, text, conversation.enqueue(text));
            if (random.nextBoolean()) {
                conversation.sync();
            }
        }
    }

    private void promised(Actor actor, Conversation conversation, long epoch, String text, Receipt receipt) {
        if (receipt.state() != Receipt.State.REFUSED) {
            add(actor, conversation, epoch, text, receipt, receipt.isDone() ? Promise.DONE : Promise.KEPT);
        }
    }

    private void add(
            Actor actor, Conversation conversation, long epoch, String text, Receipt receipt, Promise promise) {
        said.add(new Said(
                receipt.messageId().orElseThrow(), text, actor, conversation.id(), promise, life.tick(), epoch));
    }

    private void sayAndCancel(Actor actor, Conversation conversation) {
        String text = actor + " " + counter++;
        life.note(actor, "says and takes back " + text);
        long epoch = conversation.view().epoch();
        Receipt receipt = conversation.enqueue(text);
        if (receipt.state() != Receipt.State.REFUSED) {
            boolean cancelled = conversation.cancel(receipt);
            add(actor, conversation, epoch, text, receipt, cancelled ? Promise.CANCELLED : Promise.KEPT);
        }
    }

    private void invite(Actor actor, Conversation conversation) {
        List<ClientId> members = members(conversation);
        List<UserName> others = life.actors().stream()
                .filter(one -> !members.contains(one.id()) && one.client().isPresent())
                .map(one -> one.id().user())
                .toList();
        if (!others.isEmpty()) {
            UserName whom = others.get(random.nextInt(others.size()));
            life.note(actor, "invites " + whom);
            conversation.invite(whom);
        }
    }

    private void remove(Actor actor, Conversation conversation) {
        List<ClientId> others = members(conversation).stream()
                .filter(one -> !one.equals(actor.id()))
                .toList();
        if (!others.isEmpty()) {
            ClientId whom = others.get(random.nextInt(others.size()));
            life.note(actor, "removes " + whom.user());
            conversation.remove(List.of(whom));
        }
    }

    private static List<ClientId> members(Conversation conversation) {
        return conversation.members().stream().map(MemberInfo::client).toList();
    }

    private void rotate(Actor actor, CoppiceClient client) throws DeliveryException, IOException {
        if (climate.losesState() > 0 || climate.rollsBack() > 0) {
            // Who loses the newest key has to come as another client.
            return;
        }
        life.note(actor, "gets a new key");
        try {
            client.rotateKey();
        } catch (IllegalStateException e) {
            life.note(actor, "has one on the way");
        } catch (CryptoException e) {
            throw new AssertionError(e);
        }
        client.sync();
    }

    /** A service that refuses to work for a client would have to say why. */
    void checkPutOff(DeliveryException e) {
        boolean temporary = e.kind() == ProblemKind.UNAVAILABLE
                || e.kind() == ProblemKind.OVER_LIMIT
                || e.kind() == ProblemKind.UNAUTHENTICATED;
        if (!temporary) {
            throw new Violation("a client gave up: " + e.getMessage(), e);
        }
    }
}
