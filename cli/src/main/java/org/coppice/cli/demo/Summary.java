package org.coppice.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the story showed. */
final class Summary {
    private final World world;
    private final Tally tally;

    Summary(World world) {
        this.world = world;
        this.tally = world.tally();
    }

    void print(Narrator narrator) {
        narrator.heading("What was shown");
        narrator.tell(
                tally.groups + " groups, " + tally.epochs + " epochs, " + tally.commits + " commits, " + tally.welcomes
                        + " Welcomes, " + tally.messages + " messages, read " + tally.reads + " times, "
                        + Beginnings.size((int)
                                Math.min(Integer.MAX_VALUE, world.delivery().bytes()))
                        + " carried.");
        narrator.blank();
        narrator.fact(
                "confidentiality",
                tally.confidentiality.holds(),
                "who is outside read nothing, in " + tally.confidentiality.tries() + " tries");
        narrator.fact(
                "authentication", tally.authentication.holds(), "a changed message and a false name were refused");
        narrator.fact(
                "membership agreement",
                tally.disagreements == 0,
                "all had one view, in " + tally.agreements + " comparisons");
        narrator.fact(
                "forward secrecy",
                tally.forwardSecrecy.holds(),
                "a stolen state opened nothing older, in " + tally.forwardSecrecy.tries() + " tries");
        narrator.fact(
                "post-compromise security", tally.postCompromise.holds(), "nor anything after its owner's next commit");
        narrator.fact("removal", tally.removal.holds(), "who was removed read nothing more");
        narrator.fact("asynchronicity", tally.asynchronicity.holds(), "added asleep; late messages read backwards");
        narrator.blank();
    }

    /** The same as numbers. */
    String json(String seed) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (seed != null) {
            out.put("seed", seed);
        }
        out.put("groups", tally.groups);
        out.put("epochs", tally.epochs);
        out.put("commits", tally.commits);
        out.put("welcomes", tally.welcomes);
        out.put("messages", tally.messages);
        out.put("reads", tally.reads);
        out.put("bytes", world.delivery().bytes());
        ObjectNode properties = out.putObject("properties");
        properties.put("confidentiality", tally.confidentiality.holds());
        properties.put("authentication", tally.authentication.holds());
        properties.put("membership_agreement", tally.agreements > 0 && tally.disagreements == 0);
        properties.put("forward_secrecy", tally.forwardSecrecy.holds());
        properties.put("post_compromise_security", tally.postCompromise.holds());
        properties.put("removal", tally.removal.holds());
        properties.put("asynchronicity", tally.asynchronicity.holds());
        return out.toPrettyString();
    }
}
