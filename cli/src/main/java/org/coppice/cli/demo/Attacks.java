package org.coppice.cli.demo;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.tree.LeafIndex;

/** Keys are stolen, commits collide, a member has to go. */
final class Attacks {
    private final World world;
    private final Narrator narrator;
    private final Bytes garden;
    private final Story.Setting setting;
    private Person thief;

    Attacks(World world, Bytes garden, Story.Setting setting) {
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

    void forwardSecrecy() throws MlsException {
        narrator.chapter("A thief copies everything that Bob has");
        Bytes before = world.say(alice(), garden, Messages.text(8));
        thief = bob().stolenCopy(garden);
        narrator.tell(
                "At this moment a thief copies Bob's whole state: every key, and the store on disk. He had recorded all "
                        + "that was sent before, too. First he turns to the past:");
        world.tryInVain("the thief", thief, garden, before, world.tally().forwardSecrecy);
        Bytes first = world.delivery().log(garden).stream()
                .filter(Messages::isApplication)
                .findFirst()
                .orElseThrow();
        world.tryInVain("the thief", thief, garden, first, world.tally().forwardSecrecy);
        narrator.holds("forward secrecy: each key is deleted as soon as it was used");
    }

    void healing() throws MlsException {
        narrator.chapter("The group heals");
        world.say(alice(), garden, Messages.text(9));
        boolean reads = thief.catchUp(garden).contains(Messages.text(9));
        world.tally().postCompromise.tried(reads);
        if (reads) {
            narrator.alas("the thief reads it as well with Bob's keys, and Bob does not notice");
        } else {
            narrator.broken("the stolen copy is no copy");
        }
        world.commit(bob(), garden, builder -> {}, List.of());
        narrator.tell(
                "As every client does now and then, Bob commits: new keys for his leaf and all nodes above it. The thief "
                        + "sees the commit as well, and lets his copy follow it.");
        thief.catchUp(garden);
        boolean stays = thief.group(garden).epoch() < bob().group(garden).epoch();
        world.tally().postCompromise.tried(stays);
        if (stays) {
            narrator.denied("the copy stays behind: a commit encrypts nothing to the leaf that made it");
        } else {
            narrator.broken("the copy followed");
        }
        world.agree(garden);
        Bytes after = world.say(alice(), garden, Messages.text(10));
        world.tryInVain("the thief", thief, garden, after, world.tally().postCompromise);
        Bytes own = world.say(bob(), garden, Messages.text(11));
        world.tryInVain("the thief", thief, garden, own, world.tally().postCompromise);
        narrator.holds("post-compromise security: one commit of Bob's shut the thief out");
    }

    void race() throws MlsException {
        narrator.chapter("Two commit at once");
        StagedCommit hers = alice().group(garden).commit().build();
        StagedCommit his = bob().group(garden).commit().build();
        boolean first = world.send(alice(), garden, hers).accepted();
        boolean second = world.send(bob(), garden, his).accepted();
        narrator.tell("Alice and Bob commit in the same epoch. The delivery service takes one commit for each epoch: "
                + (first && !second ? "Alice's was first, so Bob drops his," : "it took both,")
                + " enters the epoch that hers began, and commits again there.");
        bob().group(garden).clearPendingCommits();
        world.settle(garden);
        world.commit(bob(), garden, builder -> {}, List.of());
        world.agree(garden);
    }

    void removal() throws MlsException {
        Person leaver = world.people().get(world.people().size() - 1);
        narrator.chapter(leaver.name() + " is removed");
        Person copy = leaver.stolenCopy(garden);
        LeafIndex leaf = leaver.group(garden).ownLeaf();
        world.commit(alice(), garden, builder -> builder.remove(leaf), List.of());
        narrator.tell("Alice removes " + leaver.name() + ", who saw that coming and put a copy of all keys aside.");
        world.agree(garden);
        Bytes message = world.say(bob(), garden, "Now to the felling plan.");
        world.tryInVain(leaver.name(), leaver, garden, message, world.tally().removal);
        world.tryInVain(leaver.name() + "'s copy", copy, garden, message, world.tally().removal);
        world.draw(garden);
        narrator.blank();
        world.talk(garden, setting.messages(), 2);
    }
}
