package org.coppice.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the story of the server showed. */
final class ServerTally {
    int messages;
    int reads;
    int agreements;
    int disagreements;
    int confirmed;
    int arrived;
    int sentences;
    long serverBytes;
    boolean recovered;
    boolean nothingLost;
    boolean sameHistory;
    boolean removal;
    boolean confidentiality;

    boolean allHold() {
        return recovered
                && nothingLost
                && sameHistory
                && removal
                && confidentiality
                && agreements > 0
                && disagreements == 0;
    }

    void print(Narrator narrator, long millis) {
        narrator.heading("What was shown");
        narrator.fact("delivery", sameHistory, "what one said all others read, in one order, over HTTP");
        narrator.fact(
                "agreement", disagreements == 0, "all had one epoch and one secret, in " + agreements + " comparisons");
        narrator.fact("recovery", recovered, "a client killed in the middle of sending came back by itself");
        narrator.fact(
                "nothing lost or doubled",
                nothingLost,
                confirmed + " of " + arrived + " were confirmed before the kill");
        narrator.fact("removal", removal, "who was removed read nothing more");
        narrator.fact(
                "confidentiality", confidentiality, "the server's files hold none of " + sentences + " sentences");
        narrator.blank();
        narrator.tell(
                "It took " + millis / 1000 + "." + millis % 1000 / 100
                        + " s, one server and four client processes. By hand: coppice serve, then coppice account new --name alice.");
    }

    String json(long millis) {
        ObjectNode out = JsonNodeFactory.instance
                .objectNode()
                .put("millis", millis)
                .put("messages", messages)
                .put("reads", reads)
                .put("agreements", agreements)
                .put("confirmed_before_kill", confirmed)
                .put("arrived", arrived)
                .put("server_bytes", serverBytes);
        out.putObject("properties")
                .put("delivery", sameHistory)
                .put("agreement", agreements > 0 && disagreements == 0)
                .put("recovery", recovered)
                .put("nothing_lost", nothingLost)
                .put("removal", removal)
                .put("confidentiality", confidentiality);
        return out.toPrettyString();
    }
}
