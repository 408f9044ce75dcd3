package org.coppice.cli.demo;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;

/** A group comes into being and talks. */
final class Beginnings {
    private final World world;
    private final Narrator narrator;
    private final Bytes garden;
    private final Story.Setting setting;

    Beginnings(World world, Bytes garden, Story.Setting setting) {
        this.world = world;
        this.narrator = world.narrator();
        this.garden = garden;
        this.setting = setting;
    }

    private Person alice() {
        return world.people().get(0);
    }

    private Person bob() {
        return world.people().get(1);
    }

    void create() throws MlsException {
        narrator.chapter("Alice opens a group");
        alice().enter(alice().client().createGroup(garden));
        world.tally().groups++;
        world.tally().epochs++;
        narrator.tell("Alice makes the group “garden” and is alone in it. This is epoch 0: nothing was sent yet.");
    }

    void addAsleep() throws MlsException {
        List<Person> others = Story.except(world.people(), alice());
        narrator.chapter("The others are added while they sleep");
        narrator.tell(
                Narrator.and(World.names(others)) + " left key packages with the delivery service and went offline.");
        List<KeyPackage> packages = world.publishAndClaim(others);
        World.Sent sent = world.commit(alice(), garden, builder -> builder.addAll(packages), others);
        narrator.tell("Alice adds all " + others.size() + " in one commit of " + size(sent.bytes())
                + ". One Welcome waits for them. In the morning they enter, each with its own key package:");
        world.join(others, null);
        world.tally()
                .asynchronicity
                .tried(world.members(garden).size() == world.people().size());
        world.agree(garden);
        world.draw(garden);
    }

    void talk(Person outsider) throws MlsException {
        narrator.chapter("They talk");
        int last = setting.messages() - 1;
        world.talk(garden, last, 0);
        List<Person> members = world.members(garden);
        Bytes message = world.say(members.get(last % members.size()), garden, Messages.text(last));
        narrator.blank();
        narrator.tell("The delivery service carried all of it, and sees this of the last message: group, epoch, "
                + "and " + message.length()
                + " bytes. Mallory copies whatever passes there. She makes a group of her own "
                + "with the same name and epoch, and lets it decrypt:");
        world.forge(outsider, garden);
        world.tryInVain("Mallory", outsider, garden, message, world.tally().confidentiality);
        altered();
        impostor();
    }

    /** One bit of a message changes on its way; the genuine one comes later. */
    private void altered() throws MlsException {
        Bytes genuine = bob().encrypt(garden, "The gate is open.");
        byte[] bytes = genuine.toByteArray();
        bytes[bytes.length - 1] ^= 1;
        narrator.tell("Now the delivery service itself changes one bit of a message from Bob to Alice:");
        boolean refused = false;
        try {
            alice().read(garden, Bytes.wrap(bytes));
            narrator.broken("Alice takes the changed message for Bob's");
        } catch (MlsException e) {
            refused = true;
            narrator.denied("Alice refuses it: " + Messages.reason(e));
        }
        world.tally().authentication.tried(refused);
        boolean read = alice().read(garden, genuine).equals("The gate is open.");
        world.tally().authentication.tried(read);
        if (read) {
            narrator.holds("the genuine copy arrives later, and she reads it all the same");
        } else {
            narrator.broken("the genuine copy cannot be read any more");
        }
    }

    /** Somebody claims a member's name with a key that is not the member's. */
    private void impostor() throws MlsException {
        Person impostor = world.impostor("Bob", setting);
        KeyPackage keyPackage = impostor.client().generateKeyPackage().keyPackage();
        narrator.tell(
                "Mallory publishes a key package under the name of Bob, and asks Alice to add “Bob's new phone”:");
        boolean refused = false;
        try {
            alice().group(garden).commit().add(keyPackage).build().close();
            narrator.broken("Alice adds it");
        } catch (MlsException e) {
            refused = true;
            narrator.denied("Alice refuses: " + Messages.reason(e));
        }
        world.tally().authentication.tried(refused);
    }

    void sleeper() throws MlsException {
        narrator.chapter("Bob sleeps, and nobody waits for him");
        List<Person> others = Story.except(world.people(), bob());
        Person last = others.get(others.size() - 1);
        world.fallAsleep(bob());
        world.say(last, garden, Messages.text(5));
        world.commit(last, garden, builder -> {}, List.of());
        narrator.tell(last.name() + " refreshes the keys, and the group goes on in another epoch without Bob.");
        world.say(alice(), garden, Messages.text(6));
        world.say(last, garden, Messages.text(7));
        world.wakeUp(bob());
        List<String> texts = bob().catchUpBackwards(garden, world.delivery());
        narrator.tell("Bob wakes up. The network gives him the messages in the wrong order, the newest first:");
        for (String text : texts) {
            narrator.holds("Bob reads “" + text + "”");
        }
        world.tally().reads += texts.size();
        world.tally().asynchronicity.tried(texts.size() == 3);
        world.agree(garden);
    }

    static String size(int bytes) {
        return bytes < 10_000 ? bytes + " bytes" : (bytes + 500) / 1000 + " kB";
    }

    /** The same bytes read again, as they came over the wire. */
    static MlsMessage decode(Bytes bytes) throws MlsException {
        return MlsMessage.decode(bytes, DecodeLimits.DEFAULT);
    }
}
