package org.coppice.interop.runner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes long scripts by chance, in the public format, so that any runner can play them: proposals of every kind by anybody, by
 * reference and by value, joins from inside and outside, returns of members that lost their state, messages that come late, and in
 * the end a reinitialization or a subgroup.
 */
final class RandomScript {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String EXTENSIONS = "AAAA";

    private final Random random;
    private final int maxMembers;
    private final ArrayNode steps = JSON.arrayNode();
    private final List<String> members = new ArrayList<>();
    private int people;
    private int epoch;

    private RandomScript(long seed, int maxMembers) {
        this.random = new Random(seed);
        this.maxMembers = maxMembers;
    }

    /** A file with one script. */
    static ObjectNode write(long seed, int maxMembers, int rounds) {
        RandomScript script = new RandomScript(seed, maxMembers);
        script.begin();
        for (int i = 0; i < rounds; i++) {
            script.round();
        }
        script.end();
        ObjectNode file = JSON.objectNode();
        file.putObject("scripts").set("random " + seed, script.steps);
        return file;
    }

    private void begin() {
        String creator = newcomer();
        members.add(creator);
        ObjectNode step = step("createGroup").put("actor", creator);
        int others = random.nextInt(Math.max(1, maxMembers - 1));
        ArrayNode joiners = step.putArray("members");
        for (int i = 0; i < others; i++) {
            members.add(newcomer());
            joiners.add(members.get(members.size() - 1));
        }
        epoch = others == 0 ? 0 : 1;
    }

    private void round() {
        switch (random.nextInt(8)) {
            case 0 -> externalJoin(false);
            case 1 -> externalJoin(true);
            case 2 -> messages();
            default -> commit();
        }
    }

    private void end() {
        if (members.size() < 2) {
            return;
        }
        List<String> others = new ArrayList<>(members);
        if (random.nextBoolean()) {
            String creator = others.remove(random.nextInt(others.size()));
            ObjectNode step = step("branch").put("actor", creator);
            while (others.size() > 1 && random.nextInt(3) == 0) {
                others.remove(random.nextInt(others.size()));
            }
            put(step, "members", others);
            step.put("force_path", random.nextBoolean());
            if (random.nextBoolean()) {
                step.set("extensions", extensions());
            }
        } else {
            ObjectNode step = step("reinit")
                    .put("proposer", anyOf(members))
                    .put("committer", anyOf(members))
                    .put("welcomer", anyOf(members));
            put(step, "members", members);
            step.put("changeGroupID", random.nextBoolean())
                    .put("changeCipherSuite", random.nextBoolean())
                    .put("forcePath", random.nextBoolean())
                    .put("externalTree", random.nextBoolean());
            if (random.nextBoolean()) {
                step.set("extensions", extensions());
            }
        }
    }

    // ---- rounds

    /** Who is to be removed, updated and kept does not overlap; the committer is one of those kept. */
    private void commit() {
        List<String> kept = new ArrayList<>(members);
        List<String> removed = take(kept, random.nextInt(3) == 0 ? random.nextInt(kept.size()) / 2 : 0);
        String committer = kept.get(random.nextInt(kept.size()));
        List<String> remaining = new ArrayList<>(kept);
        List<Integer> byReference = new ArrayList<>();
        ArrayNode byValue = JSON.arrayNode();

        List<String> updaters = new ArrayList<>(kept);
        updaters.remove(committer);
        for (String updater : take(updaters, random.nextInt(updaters.size() + 1) / 2)) {
            byReference.add(propose("updateProposal", updater).index());
        }
        for (String leaver : removed) {
            if (random.nextBoolean()) {
                byValue.addObject().put("proposalType", "remove").put("removed", leaver);
            } else {
                Proposed proposed = propose("removeProposal", anyOf(remaining));
                proposed.step().put("removed", leaver);
                byReference.add(proposed.index());
            }
        }
        List<String> joiners = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0 && remaining.size() + joiners.size() < maxMembers; i--) {
            String joiner = newcomer();
            joiners.add(joiner);
            int keyPackage = steps.size();
            step("createKeyPackage").put("actor", joiner);
            if (random.nextBoolean()) {
                byValue.addObject().put("proposalType", "add").put("keyPackage", keyPackage);
            } else {
                Proposed proposed = propose("addProposal", anyOf(remaining));
                proposed.step().put("keyPackage", keyPackage);
                byReference.add(proposed.index());
            }
        }
        List<String> insiders = new ArrayList<>(members);
        keys(remaining, insiders, joiners, byReference, byValue);

        ObjectNode step = step("fullCommit").put("actor", committer);
        ArrayNode references = step.putArray("byReference");
        byReference.forEach(references::add);
        step.set("byValue", byValue);
        remaining.remove(committer);
        put(step, "members", remaining);
        put(step, "joiners", joiners);
        step.put("force_path", random.nextBoolean()).put("external_tree", random.nextInt(4) == 0);

        members.clear();
        members.add(committer);
        members.addAll(remaining);
        members.addAll(joiners);
        epoch++;
    }

    /** Pre-shared keys of both kinds, and extensions. Joiners have no keys of earlier epochs, so these go without joiners. */
    private void keys(
            List<String> remaining,
            List<String> insiders,
            List<String> joiners,
            List<Integer> byReference,
            ArrayNode byValue) {
        if (random.nextInt(3) == 0) {
            int psk = steps.size();
            List<String> clients = new ArrayList<>(insiders);
            clients.addAll(joiners);
            put(step("installExternalPSK"), "clients", clients);
            if (random.nextBoolean()) {
                byValue.addObject().put("proposalType", "externalPSK").put("pskID", psk);
            } else {
                Proposed proposed = propose("externalPSKProposal", anyOf(remaining));
                proposed.step().put("pskID", psk);
                byReference.add(proposed.index());
            }
        }
        if (random.nextInt(4) == 0 && joiners.isEmpty()) {
            // Everybody has the key of the present epoch; of older ones, only who was there.
            if (random.nextBoolean()) {
                byValue.addObject().put("proposalType", "resumptionPSK").put("epochID", epoch);
            } else {
                Proposed proposed = propose("resumptionPSKProposal", anyOf(remaining));
                proposed.step().put("epochID", epoch);
                byReference.add(proposed.index());
            }
        }
        if (random.nextInt(4) == 0) {
            if (random.nextBoolean()) {
                byValue.addObject()
                        .put("proposalType", "groupContextExtensions")
                        .set("extensions", extensions());
            } else {
                Proposed proposed = propose("groupContextExtensionsProposal", anyOf(remaining));
                proposed.step().set("extensions", extensions());
                byReference.add(proposed.index());
            }
        }
    }

    private void externalJoin(boolean again) {
        if (again && members.size() < 2 || !again && members.size() >= maxMembers) {
            return;
        }
        String joiner = again ? anyOf(members) : newcomer();
        List<String> others = new ArrayList<>(members);
        others.remove(joiner);
        String adder = others.remove(random.nextInt(others.size()));
        ObjectNode step = step("externalJoin").put("actor", adder).put("joiner", joiner);
        put(step, "members", others);
        step.put("removePrior", again).put("externalTree", random.nextBoolean());
        members.remove(joiner);
        members.add(joiner);
        epoch++;
    }

    private void messages() {
        String writer = anyOf(members);
        List<String> readers = new ArrayList<>(members);
        readers.remove(writer);
        List<Integer> sent = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            sent.add(steps.size());
            step("protect")
                    .put("actor", writer)
                    .put("authenticatedData", random.nextBoolean() ? "data " + i : "")
                    .put("plaintext", "message ".repeat(random.nextInt(40)));
        }
        if (random.nextBoolean()) {
            String committer = anyOf(members);
            List<String> others = new ArrayList<>(members);
            others.remove(committer);
            put(step("fullCommit").put("actor", committer), "members", others);
            epoch++;
        }
        for (String reader : readers) {
            for (int message : take(new ArrayList<>(sent), sent.size())) {
                step("unprotect").put("actor", reader).put("ciphertext", message);
            }
        }
    }

    // ---- small things

    private record Proposed(int index, ObjectNode step) {}

    private Proposed propose(String action, String actor) {
        return new Proposed(steps.size(), step(action).put("actor", actor));
    }

    private ObjectNode step(String action) {
        return steps.addObject().put("action", action);
    }

    private ArrayNode extensions() {
        ArrayNode out = JSON.arrayNode();
        if (random.nextBoolean()) {
            out.addObject().put("extension_type", 3).put("extension_data", EXTENSIONS);
        }
        return out;
    }

    private static void put(ObjectNode step, String name, List<String> values) {
        ArrayNode array = step.putArray(name);
        values.forEach(array::add);
    }

    private String newcomer() {
        return "person" + people++;
    }

    private String anyOf(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** Moves {@code count} of them out, in random order. */
    private <T> List<T> take(List<T> from, int count) {
        List<T> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(from.remove(random.nextInt(from.size())));
        }
        return out;
    }
}
