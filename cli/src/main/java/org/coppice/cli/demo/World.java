package org.coppice.cli.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.coppice.cli.Progress;
import org.coppice.cli.Terminal;
import org.coppice.cli.tree.TreeDrawing;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;

/** People, the delivery service between them, and what they do together. */
final class World {
    /** From so many steps on, a person at a terminal wants to see that something happens. */
    private static final int LONG = 200;

    private static final int MAX_DRAWN = 12;

    private final Terminal terminal;
    private final Delivery delivery = new Delivery();
    private final Narrator narrator;
    private final Tally tally = new Tally();
    private final List<Person> people = new ArrayList<>();
    private final Set<Person> asleep = new HashSet<>();

    World(Terminal terminal, Narrator narrator) {
        this.terminal = terminal;
        this.narrator = narrator;
    }

    Delivery delivery() {
        return delivery;
    }

    Narrator narrator() {
        return narrator;
    }

    Tally tally() {
        return tally;
    }

    List<Person> people() {
        return people;
    }

    void fallAsleep(Person person) {
        asleep.add(person);
    }

    void wakeUp(Person person) {
        asleep.remove(person);
    }

    /** The members of a group who are awake. */
    List<Person> members(Bytes groupId) {
        return people.stream()
                .filter(p -> p.isMember(groupId) && !asleep.contains(p))
                .toList();
    }

    static List<String> names(List<Person> people) {
        return people.stream().map(Person::name).toList();
    }

    /** Somebody with a member's name and a key that nobody registered. */
    Person impostor(String name, Story.Setting setting) throws MlsException {
        Registrar gullible = new Registrar();
        return new Person(name, setting.environment().validator(gullible).build(), delivery)
                .enroll(setting.suite(), gullible);
    }

    // ---- key packages and joining

    KeyPackage claim(Person person) throws MlsException {
        MlsMessage message = MlsMessage.decode(delivery.claimKeyPackage(person.name()), DecodeLimits.DEFAULT);
        return message.keyPackage().orElseThrow();
    }

    List<KeyPackage> publishAndClaim(List<Person> owners) throws MlsException {
        List<KeyPackage> out = new ArrayList<>();
        for (Person owner : owners) {
            owner.publishKeyPackage();
            out.add(claim(owner));
        }
        return out;
    }

    void deliverWelcome(StagedCommit staged, List<Person> receivers) {
        Bytes welcome = Bytes.wrap(staged.welcome().orElseThrow().encoded());
        receivers.forEach(receiver -> delivery.sendWelcome(receiver.name(), welcome));
        tally.welcomes++;
    }

    /** Takes {@code people} in by the Welcomes that wait for them. */
    void join(List<Person> joiners, Bytes predecessor) throws MlsException {
        try (Progress progress = progress("joining", joiners.size())) {
            int done = 0;
            for (Person joiner : joiners) {
                joiner.join(predecessor == null ? null : joiner.group(predecessor));
                progress.at(++done, joiner.name());
            }
        }
    }

    private Progress progress(String task, int steps) {
        return steps < LONG ? Progress.none() : Progress.start(terminal, task, steps);
    }

    // ---- commits

    /** What a Commit cost on the wire. */
    record Sent(boolean accepted, int bytes) {}

    /** A member commits; if the delivery service accepts, it and all who are awake enter the new epoch. */
    Sent commit(Person who, Bytes groupId, Consumer<CommitBuilder> change, List<Person> added) throws MlsException {
        CommitBuilder builder = who.group(groupId).commit();
        change.accept(builder);
        StagedCommit staged = builder.build();
        Sent sent = send(who, groupId, staged);
        if (sent.accepted && !added.isEmpty()) {
            deliverWelcome(staged, added);
        }
        if (sent.accepted) {
            settle(groupId);
        }
        return sent;
    }

    /** Posts a Commit together with the GroupInfo of the epoch that it begins. */
    Sent send(Person who, Bytes groupId, StagedCommit staged) throws MlsException {
        Bytes message = Bytes.wrap(staged.message().encoded());
        if (!delivery.post(groupId, message)) {
            staged.close();
            return new Sent(false, message.length());
        }
        boolean hasNext = staged.effects().reInit().isEmpty();
        Bytes info = hasNext ? Bytes.wrap(staged.groupInfo(true).encoded()) : null;
        tally.commits++;
        tally.epochs++;
        if (hasNext) {
            delivery.publishGroupInfo(groupId, info);
        }
        return new Sent(true, message.length());
    }

    /** Lets all who are awake process what is new. */
    void settle(Bytes groupId) throws MlsException {
        List<Person> members = members(groupId);
        try (Progress progress = progress("following", members.size())) {
            int done = 0;
            for (Person member : members) {
                member.catchUp(groupId);
                progress.at(++done, member.name());
            }
        }
    }

    /** Compares the members' views of the epoch. */
    void agree(Bytes groupId) {
        List<Person> members = members(groupId);
        Group first = members.get(0).group(groupId);
        boolean all = members.stream()
                .map(member -> member.group(groupId))
                .allMatch(group -> group.epochAuthenticator().equals(first.epochAuthenticator())
                        && group.state().equals(first.state()));
        int count = members.size();
        String epoch = "epoch " + Long.toUnsignedString(first.epoch());
        if (all) {
            tally.agreements++;
            String authenticator = first.epochAuthenticator().slice(0, 4).toHex();
            narrator.holds((count == 2 ? "both" : "all " + count) + " agree on " + epoch + ", authenticator "
                    + authenticator + "…");
        } else {
            tally.disagreements++;
            narrator.broken("the members do not agree on " + epoch);
        }
    }

    // ---- messages

    /** Somebody speaks, and all others who are awake read it. */
    Bytes say(Person speaker, Bytes groupId, String text) throws MlsException {
        Bytes message = speaker.encrypt(groupId, text);
        delivery.post(groupId, message);
        tally.messages++;
        List<Person> others =
                members(groupId).stream().filter(p -> p != speaker).toList();
        List<String> readers = new ArrayList<>();
        try (Progress progress = progress("reading", others.size())) {
            for (Person other : others) {
                if (other.catchUp(groupId).contains(text)) {
                    readers.add(other.name());
                    tally.reads++;
                }
                progress.at(readers.size(), other.name());
            }
        }
        speaker.catchUp(groupId);
        if (readers.size() == others.size()) {
            narrator.speech(speaker.name(), text, readers);
        } else {
            tally.disagreements++;
            narrator.broken(speaker.name() + ": “" + text + "” was read by " + Narrator.names(readers) + " only");
        }
        return message;
    }

    /** Several members speak in turn. */
    void talk(Bytes groupId, int count, int firstText) throws MlsException {
        for (int i = 0; i < count; i++) {
            List<Person> members = members(groupId);
            say(members.get((firstText + i) % members.size()), groupId, Messages.text(firstText + i));
        }
    }

    /** Somebody who must not read a message tries to. */
    void tryInVain(String who, Person reader, Bytes groupId, Bytes message, Tally.Property property) {
        try {
            String text = reader.read(groupId, message);
            if (!text.isEmpty()) {
                property.tried(false);
                narrator.broken(who + " READS “" + text + "”");
                return;
            }
            property.tried(true);
            narrator.denied(who + " tries to read it and cannot");
        } catch (MlsException e) {
            property.tried(true);
            narrator.denied(who + " tries to read it and cannot: " + Messages.reason(e));
        }
    }

    /** Lets somebody outside make a group of the same name and epoch, which takes the group's messages for its own. */
    void forge(Person outsider, Bytes groupId) throws MlsException {
        Group forged = outsider.client().createGroup(groupId);
        while (forged.epoch() < members(groupId).get(0).group(groupId).epoch()) {
            forged.merge(forged.commit().build());
        }
        outsider.enter(forged);
    }

    /** Draws the tree as a member sees it, if it is small. */
    void draw(Bytes groupId) throws MlsException {
        Group group = members(groupId).get(0).group(groupId);
        if (group.state().tree().size() <= MAX_DRAWN) {
            narrator.blank();
            TreeDrawing.print(group.state().tree(), group.crypto(), narrator.out(), narrator.colours());
        }
    }
}
